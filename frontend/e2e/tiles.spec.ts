import { type Browser, expect, type Page, test } from '@playwright/test';
import { signIn } from './support/accounts';
import { call } from './support/api';
import { kept, SCHEMA, shapeRows } from './support/drawing';
import { collectErrors } from './support/errors';
import { importFile, jobDone } from './support/importing';
import { largePicture } from './support/largePicture';
import { named, openWorkbench, type Place, pictureShown, readInstructions, saveState } from './support/queue';
import { chooseScheme, inBothColours, shot } from './support/shots';

/** A picture of 56 megapixels: cut by a worker, looked at tile by tile, labelled in its own pixels. */

const [WIDTH, HEIGHT] = [8000, 7000];
const DISC = { x: 6200, y: 1500, radius: 60 };
const PALETTE = [
  [70, 96, 112],
  [104, 132, 148],
  [222, 60, 40],
  [250, 205, 60],
] as const;

interface Item {
  sha256: string;
  width: number;
  media: { tiles: string | null };
}

/** A project of its own with the one picture, cut, and the schema that asks about it. */
async function makeProject(page: Page): Promise<{ project: string; schema: string }> {
  const project = (await call<{ slug: string }>(page, '/projects', { name: named('Survey from the air') }))
    .slug;
  const at = `/projects/${project}`;
  const bytes = largePicture(WIDTH, HEIGHT, PALETTE, [
    { ...DISC, colour: 2 },
    { x: 1700, y: 5200, radius: 900, colour: 3 },
  ]);
  await importFile(page, project, { name: 'large.png', bytes, source: 'survey' });
  const { results } = await call<{ results: Item[] }>(page, `${at}/items`);
  const tiles = results[0]?.media.tiles ?? '';
  expect(results[0]?.width).toBe(WIDTH);
  const state = async () => (await call<{ state: string }>(page, tiles.replace('/api/v1', ''))).state;
  await expect.poll(state, { timeout: 100_000 }).toBe('ready');
  const schema = await call<{ id: string }>(page, `${at}/schemas`, { name: 'parts', document: SCHEMA });
  return { project, schema: schema.id };
}

/** Each test has a queue: what the one holds is not given to the other. */
async function makeQueue(page: Page, { project, schema }: typeof made): Promise<Place> {
  const { queue, job } = await call<{ queue: { id: string }; job: string }>(
    page,
    `/projects/${project}/queues`,
    {
      name: named('Fields'),
      schema,
      question: 'parts',
      auto_submit: false,
      selection: { sample: 1, seed: 1 },
    },
  );
  await jobDone(page, project, job);
  return { project, queue: queue.id };
}

let made = { project: '', schema: '' };

async function asOwner(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, 'owner');
  return page;
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  const page = await asOwner(browser);
  made = await makeProject(page);
  await page.close();
});

interface View {
  left: number;
  top: number;
  width: number;
  height: number;
}

async function hostOf(page: Page): Promise<View> {
  const box = await page.locator('[data-picture] [role="application"]').boundingBox();
  if (!box) throw new Error('There is no picture.');
  return { left: box.x, top: box.y, width: box.width, height: box.height };
}

/** Where the disc is on the screen while the whole picture is shown. */
function discIn({ left, top, width, height }: View): { x: number; y: number } {
  const fitted = Math.min((width - 32) / WIDTH, (height - 32) / HEIGHT);
  return {
    x: left + width / 2 + (DISC.x - WIDTH / 2) * fitted,
    y: top + height / 2 + (DISC.y - HEIGHT / 2) * fitted,
  };
}

/** The colour on the screen, as a person sees it. */
async function colourAt(page: Page, x: number, y: number): Promise<[number, number, number]> {
  const clip = { x: Math.round(x), y: Math.round(y), width: 1, height: 1 };
  const png = (await page.screenshot({ clip })).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const [r = 0, g = 0, b = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
    return [r, g, b];
  }, png);
}

/** Whether two colours are the same but for what a lossy file changes. */
const alike = (found: readonly number[], wanted: readonly number[]) =>
  found.every((value, at) => Math.abs(value - (wanted[at] ?? 0)) < 14);

test('only tiles are loaded, and at 100 % each pixel is where it belongs', async ({ browser }) => {
  const page = await asOwner(browser);
  const errors = collectErrors(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const where = await makeQueue(page, made);
  await readInstructions(page, where);
  // As long as the worker has not cut it, the page says so, and then shows it by itself.
  await page.route('**/api/v1/tiles/**', async (route) => {
    const told = await (await route.fetch()).json();
    await route.fulfill({ json: { ...told, state: 'pending' } });
  });
  await page.goto(`/p/${where.project}/label/${where.queue}`);
  await expect(page.getByText('This picture is being cut into tiles')).toBeVisible();
  await inBothColours(page, 'tiles-preparing');
  await page.unroute('**/api/v1/tiles/**');
  await pictureShown(page);
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const tiles = () => asked.filter((path) => path.includes('/media/below/'));
  const levels = () => new Set(tiles().map((path) => Number(path.split('/').at(-2))));
  expect(tiles().length).toBeGreaterThan(0);
  expect(Math.max(...levels())).toBeLessThan(13);
  await inBothColours(page, 'tiles');

  // The wheel goes in at the disc until a pixel of the picture is one of the screen.
  const host = await hostOf(page);
  const at = discIn(host);
  await page.mouse.move(at.x, at.y);
  await expect
    .poll(async () => alike(await colourAt(page, at.x, at.y), PALETTE[2]), { timeout: 30_000 })
    .toBe(true);
  for (let n = 0; n < 12; n += 1) await page.mouse.wheel(0, -240);
  await expect.poll(() => Math.max(...levels()), { timeout: 30_000 }).toBe(13);
  await page.mouse.move(host.left + 4, host.top + 4);
  await expect
    .poll(async () => alike(await colourAt(page, at.x, at.y), PALETTE[2]), { timeout: 30_000 })
    .toBe(true);
  await shot(page, 'tiles-disc');

  // "1:1" shows the middle of the picture: there two lines of the drawing cross.
  await page.keyboard.press('Control+Digit0');
  const middle = { x: Math.round(host.left + host.width / 2), y: Math.round(host.top + host.height / 2) };
  await expect
    .poll(async () => alike(await colourAt(page, middle.x + 40, middle.y + 40), PALETTE[0]))
    .toBe(true);
  await shot(page, 'tiles-actual-size');
  const whole = asked.filter((path) => path.startsWith('/media/') && !path.includes('/media/below/'));
  expect(whole.filter((path) => !path.endsWith('.webp')).length).toBeLessThanOrEqual(1);
  expect(errors).toEqual([]);
});

test('the magic wand outlines the disc in pixels of the picture, and it is kept after a reload', async ({
  browser,
}) => {
  const page = await asOwner(browser);
  await openWorkbench(page, await makeQueue(page, made));
  await expect(page.locator('[data-desk="ready"]')).toBeAttached();
  const at = discIn(await hostOf(page));
  await page.mouse.move(at.x, at.y);
  for (let n = 0; n < 8; n += 1) await page.mouse.wheel(0, -240);
  await page.waitForTimeout(1500);
  await page.keyboard.press('KeyW');
  await page.keyboard.press('Digit1');
  await expect
    .poll(
      async () => {
        if ((await shapeRows(page).count()) === 0) await page.mouse.click(at.x, at.y);
        return shapeRows(page).count();
      },
      { timeout: 30_000, intervals: [1500] },
    )
    .toBe(1);
  await expect.poll(async () => (await kept(page)).length).toBe(1);
  const [shape] = await kept(page);
  expect(shape?.type).toBe('polygon');
  const [ring] = (shape?.rings ?? []) as number[][];
  const xs = (ring ?? []).filter((_, n) => n % 2 === 0);
  const ys = (ring ?? []).filter((_, n) => n % 2 === 1);
  for (const [found, wanted] of [
    [Math.min(...xs), DISC.x - DISC.radius],
    [Math.max(...xs), DISC.x + DISC.radius],
    [Math.min(...ys), DISC.y - DISC.radius],
    [Math.max(...ys), DISC.y + DISC.radius],
  ] as const)
    expect(Math.abs(found - wanted)).toBeLessThan(8);
  await chooseScheme(page, 'dark');
  await page.reload();
  await expect(shapeRows(page)).toHaveCount(1);
  await shot(page, 'tiles-wand-dark');
  const sent = page.waitForResponse((r) => r.url().endsWith('/api/v1/submissions') && r.ok());
  await page.keyboard.press('Enter');
  await sent;
  await expect(saveState(page)).toHaveText('All saved');
});
