import { type Browser, expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { expectAccessible } from './support/axe';
import { Hand, kept, makeDrawingQueue, shapeRows } from './support/drawing';
import { currentTask, openWorkbench } from './support/queue';
import { chooseScheme, SIZES, shot } from './support/shots';
import { deskReady, keptAfter, shapesCounted, submitted, undoneSentAndThere } from './support/toolRound';

/** Each tool draws, edits, takes back, does again and sends; and after a reload the same shape is there. */

let where = { project: '', queue: '' };

async function asLead(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await signIn(page, 'lead');
  return page;
}

test.beforeAll(async ({ browser }) => {
  const page = await asLead(browser);
  where = await makeDrawingQueue(page);
  await page.close();
});

// Two people take turns: what a closed tab held comes back only after two missed heartbeats, and nobody may hold too much.
let person: 'lead' | 'owner' = 'owner';

test.beforeEach(async ({ page }) => {
  person = person === 'lead' ? 'owner' : 'lead';
  await signIn(page, person);
  await openWorkbench(page, where);
  await deskReady(page);
});

const count = (page: Page, n: number) => expect(shapesCounted(page, n)).toBeVisible();

interface Case {
  tool: string;
  keys: string;
  type: string;
  draw: (hand: Hand, page: Page) => Promise<void>;
  /** Nudged by an arrow key where nothing else is said. */
  edit?: (hand: Hand, page: Page) => Promise<void>;
  shapes?: number;
}

type Points = readonly (readonly [number, number])[];

const SQUARE: Points = [
  [-0.5, -0.5],
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
];

/** Clicks from point to point, so many milliseconds apart, and ends it. */
async function click(hand: Hand, page: Page, points: Points, apart = 0): Promise<void> {
  for (const [x, y] of points) {
    await hand.click(x, y);
    await page.waitForTimeout(apart);
  }
  await page.keyboard.press('Enter');
}

const polygon = (hand: Hand, page: Page) => click(hand, page, SQUARE);

const CASES: Case[] = [
  {
    tool: 'box',
    keys: 'KeyB',
    type: 'box',
    draw: (hand) => hand.drag([-0.5, -0.5], [0.3, 0.4]),
    edit: async (hand, page) => {
      await page.keyboard.press('KeyV');
      await hand.drag([0.3, 0.4], [0.5, 0.6]);
    },
  },
  {
    tool: 'rotated box',
    keys: 'KeyR',
    type: 'rotated_box',
    draw: async (hand) => {
      await hand.drag([-0.4, -0.2], [0.3, 0.1]);
      await hand.click(0.1, 0.5);
    },
  },
  {
    tool: 'polygon',
    keys: 'KeyP',
    type: 'polygon',
    draw: polygon,
    edit: async (hand, page) => {
      await page.keyboard.press('KeyV');
      // The middle of an edge makes a point.
      await hand.drag([0.5, 0], [0.7, 0.1]);
    },
  },
  {
    tool: 'line',
    keys: 'Shift+KeyP',
    type: 'polyline',
    draw: (hand, page) => {
      const points = [
        [-0.5, -0.4],
        [0, 0.3],
        [0.5, -0.2],
      ] as const;
      return click(hand, page, points);
    },
  },
  { tool: 'point', keys: 'Period', type: 'point', draw: (hand) => hand.click(0.2, -0.3) },
  {
    tool: 'key points',
    keys: 'KeyK',
    type: 'keypoints',
    draw: async (hand, page) => {
      await hand.drag([-0.4, -0.6], [0.4, 0.6]);
      await hand.click(0.1, -0.5);
      await page.keyboard.press('KeyO');
      await page.keyboard.press('Enter');
    },
  },
  {
    tool: 'brush',
    keys: 'KeyM',
    type: 'mask',
    draw: (hand) => hand.drag([-0.4, 0], [0, 0.3], [0.4, 0]),
    edit: async (hand, page) => {
      await page.keyboard.press('KeyE');
      await hand.drag([-0.1, -0.2], [-0.1, 0.5]);
    },
  },
  {
    tool: 'magnetic outline',
    keys: 'KeyL',
    type: 'polygon',
    draw: (hand, page) => click(hand, page, SQUARE, 350),
  },
  {
    tool: 'magic wand',
    keys: 'KeyW',
    type: 'polygon',
    draw: (hand) => hand.click(-0.6, -0.6),
    // What it found may reach from edge to edge, with no room to be nudged: it gets another class.
    edit: (_hand, page) => page.keyboard.press('Digit2'),
  },
  {
    tool: 'object finder',
    keys: 'KeyS',
    type: 'polygon',
    draw: async (hand, page) => {
      await hand.drag([-0.85, -0.85], [0.85, 0.85]);
      await page.keyboard.press('Enter');
    },
  },
  {
    tool: 'hole',
    keys: 'KeyP',
    type: 'polygon',
    draw: polygon,
    edit: async (hand, page) => {
      await page.keyboard.press('Shift+KeyD');
      const points = [
        [-0.2, -0.2],
        [0.2, -0.2],
        [0, 0.2],
      ] as const;
      await click(hand, page, points);
    },
  },
  {
    tool: 'slice',
    keys: 'KeyP',
    type: 'polygon',
    draw: polygon,
    edit: async (hand, page) => {
      await page.keyboard.press('Shift+KeyS');
      await hand.drag([-0.7, 0.1], [0.7, 0.2]);
    },
    shapes: 2,
  },
  {
    tool: 'merge',
    keys: 'KeyB',
    type: 'box',
    draw: async (hand) => {
      await hand.drag([-0.5, -0.5], [0.1, 0.1]);
      await hand.drag([0, 0], [0.5, 0.5]);
    },
    edit: async (_hand, page) => {
      await page.keyboard.press('Control+KeyA');
      await page.keyboard.press('Shift+KeyM');
    },
  },
];

for (const { tool, keys, type, draw, edit, shapes = 1 } of CASES) {
  test(`${tool}: draws, edits, takes back, sends, and is there again`, async ({ page }) => {
    const hand = new Hand(page);
    await page.keyboard.press('Digit1');
    await page.keyboard.press(keys);
    await draw(hand, page);
    const drawn = await keptAfter(page, []);
    expect(new Set(drawn.map((shape) => shape.type))).toEqual(new Set([type]));
    expect(drawn.every((shape) => shape.class === 'body')).toBe(true);

    if (edit) await edit(hand, page);
    else await page.keyboard.press('ArrowDown');
    const edited = await keptAfter(page, drawn);
    await count(page, shapes);

    await undoneSentAndThere(page, { drawn, edited });
  });
}

test.describe('nothing is lost', () => {
  // A second try would hide the race that the first one met.
  test.describe.configure({ retries: 0 });

  test('what is drawn and not sent is there again after a reload', async ({ page }) => {
    const task = await currentTask(page);
    await page.keyboard.press('Digit2');
    await page.keyboard.press('KeyB');
    await new Hand(page).drag([-0.3, -0.3], [0.3, 0.3]);
    const drawn = await keptAfter(page, []);
    await page.reload();
    await deskReady(page);
    expect(await currentTask(page)).toBe(task);
    await expect(page.getByText('What you had drawn was put back.')).toBeVisible();
    await count(page, 1);
    await page.getByLabel('How much is hidden?').selectOption('half');
    await page.locator('body').click({ position: { x: 2, y: 2 } });
    const sent = await submitted(page);
    expect(sent.answer.shapes).toEqual([{ ...drawn[0], attributes: { hidden: 'half' } }]);
  });
});

test('the picture is moved by keys', async ({ page }) => {
  const hand = new Hand(page);
  await page.keyboard.press('Digit1');
  await page.keyboard.press('Period');
  await hand.click(0, 0);
  const points = async () => (await kept(page)).map(({ points }) => points as [number, number]);
  await expect.poll(points).toHaveLength(1);
  // Letting go of it does not matter: plain arrows would nudge it, these do not.
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Control+ArrowDown');
  await hand.click(0, 0);
  await expect.poll(points).toHaveLength(2);
  const [[x, y], [further, lower]] = (await points()) as [[number, number], [number, number]];
  expect(further - x).toBeGreaterThan(5);
  expect(lower - y).toBeCloseTo(further - x, 0);
});

test('faults are told at their shape, and nothing to draw is said twice', async ({ page }) => {
  await page.keyboard.press('KeyB');
  await new Hand(page).drag([-0.3, -0.3], [0.3, 0.3]);
  await page.keyboard.press('Enter');
  await expect(page.getByText('This shape has no class. Choose one.')).toBeVisible();
  await page.keyboard.press('Delete');
  await count(page, 0);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Press again if there is really nothing/)).toBeVisible();
  const sent = await submitted(page);
  expect(sent.answer).toEqual({ kind: 'none_of_these' });
});

test('it is accessible in both colours, and fits a phone', async ({ page }) => {
  const hand = new Hand(page);
  for (const scheme of ['dark', 'light'] as const) {
    await chooseScheme(page, scheme);
    await page.reload();
    await deskReady(page);
    await page.keyboard.press('Digit1');
    if ((await shapeRows(page).count()) === 0) {
      await page.keyboard.press('KeyB');
      await hand.drag([-0.5, -0.5], [0.3, 0.4]);
      await page.keyboard.press('Digit2');
      await hand.drag([-0.2, -0.1], [0.6, 0.6]);
    }
    await count(page, 2);
    await expect.poll(async () => (await kept(page)).length).toBe(2);
    await expectAccessible(page);
    await shot(page, `shapes-${scheme}-desktop`);
    await page.setViewportSize(SIZES.phone);
    await expect(page.getByRole('toolbar', { name: 'Drawing tools' })).toBeVisible();
    await shot(page, `shapes-${scheme}-phone`);
    await page.setViewportSize(SIZES.desktop);
  }
});
