import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import { countsToString } from '@/engine/mask/rle';
import type { ShapeJson } from '@/engine/model/json';
import { FakePath2D } from '@/engine/testPath2D';
import { answers, onTable, press, server, setTable, show } from '../testBench';
import type { Answer } from '../types';

/** The workbench with a question that is answered by drawing: only network and canvas are stand-ins. */

setTable();
beforeEach(() => {
  // A context that takes whatever is drawn.
  const context: unknown = new Proxy(() => undefined, {
    get: (_target, name) => {
      if (name === 'getImageData') return (_x: number, _y: number, w: number, h: number) => pixels(w, h);
      return name === Symbol.toPrimitive ? () => 0 : context;
    },
    apply: () => context,
    set: () => true,
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  vi.stubGlobal('Path2D', FakePath2D);
  vi.stubGlobal('createImageBitmap', async () => ({ width: 320, height: 240, close: () => undefined }));
});

const pixels = (width: number, height: number) => ({
  width,
  height,
  data: new Uint8ClampedArray(width * height * 4),
});

const classes = [
  { key: 'wheel', name: 'Wheel', names: { en: 'Wheel', ko: '바퀴' } },
  { key: 'door', name: 'Door', names: { en: 'Door' } },
].map((one) => ({ ...one, parent: null, selectable: true }));
const hidden = {
  key: 'hidden',
  kind: 'single_choice',
  title: { en: 'How much is hidden?' },
  required: true,
  for_classes: ['wheel'],
  classes: [
    { key: 'none', names: { en: 'None' } },
    { key: 'half', names: { en: 'Half' } },
  ],
};

function drawing(more: object = {}) {
  const asked = {
    key: 'parts',
    kind: 'shapes',
    title: 'Outline every part',
    allow_none: true,
    allow_cannot_tell: true,
  };
  const shapes = { tools: ['box', 'polygon'], max_shapes: null, skeletons: [], attributes: [], ...more };
  return { classes, queue: { question: { ...asked, ...shapes } } };
}

async function open(more: object = {}, session: object = {}): Promise<void> {
  await show({ ...drawing(more), session });
  await screen.findByRole('toolbar', { name: 'Drawing tools' });
  await screen.findByText('Nothing drawn yet. Choose a class and draw on the picture.');
}

/** The pointer on the canvas: the picture is fitted into 320 x 480, so its scale is below one. */
function point(type: string, x: number, y: number, pointerType = 'mouse'): void {
  const host = document.querySelector<HTMLElement>('[role="application"]');
  if (!host) throw new Error('There is no canvas.');
  const event = new MouseEvent(type, {
    bubbles: true,
    cancelable: true,
    clientX: x,
    clientY: y,
    button: 0,
    buttons: 1,
  });
  Object.assign(event, { pointerId: 1, pointerType, pressure: 0.5 });
  Object.assign(host, {
    setPointerCapture: () => undefined,
    releasePointerCapture: () => undefined,
    hasPointerCapture: () => true,
  });
  act(() => void host.dispatchEvent(event));
}

function drag(x: number, y: number, toX: number, toY: number, by = 'mouse'): void {
  point('pointerdown', x, y, by);
  point('pointermove', (x + toX) / 2, (y + toY) / 2, by);
  point('pointermove', toX, toY, by);
  point('pointerup', toX, toY, by);
}

function tap(x: number, y: number, by = 'touch'): void {
  point('pointerdown', x, y, by);
  point('pointerup', x, y, by);
}

const bar = () => screen.queryByRole('toolbar', { name: 'Tool in hand' });
const onBar = () => within(bar() as HTMLElement);
const named = () =>
  onBar()
    .getAllByRole('button')
    .map((one) => one.textContent);

const rows = () =>
  within(screen.getByRole('list', { name: 'Shapes' }))
    .queryAllByRole('button', { pressed: undefined, name: / of \d/ })
    .filter((one) => one.hasAttribute('data-shape'));
const sentShapes = (): readonly ShapeJson[] => {
  const [first] = answers() as Answer[];
  return first?.kind === 'shapes' ? first.shapes : [];
};

test('a box is drawn, gets a class by its key, and is sent with Enter', async () => {
  await open();
  press('KeyB');
  drag(60, 200, 160, 260);
  expect(rows()).toHaveLength(1);
  expect(rows()[0]).toHaveAccessibleName(/^Box 1 of 1, No class yet/);
  press('Enter', { key: 'Enter' });
  expect(await screen.findByText('This shape has no class. Choose one.')).toBeInTheDocument();
  expect(onTable()).toBe('1:shown');
  press('Digit2');
  expect(rows()[0]).toHaveAccessibleName(/^Box 1 of 1, Door/);
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await waitFor(() => expect(sentShapes()).toHaveLength(1));
  expect(sentShapes()[0]).toMatchObject({ type: 'box', class: 'door' });
  expect(sentShapes()[0]?.box).toHaveLength(4);
  expect(rows()).toHaveLength(0);
});

test('everything can be undone and redone, hidden, locked and deleted', async () => {
  await open();
  press('Digit1');
  drag(60, 200, 160, 260);
  drag(180, 200, 260, 260);
  expect(rows()).toHaveLength(2);
  press('KeyZ', { ctrlKey: true });
  expect(rows()).toHaveLength(1);
  press('KeyZ', { ctrlKey: true, shiftKey: true });
  expect(rows()).toHaveLength(2);
  await userEvent.click(screen.getByRole('button', { name: /^Lock Box 1 of 2/ }));
  press('Delete');
  expect(await screen.findByText('This shape is locked. Unlock it in the list.')).toBeInTheDocument();
  press('KeyZ', { ctrlKey: true });
  await userEvent.click(screen.getByRole('button', { name: /^Hide Box 1 of 2/ }));
  expect(rows()[0]).toHaveAccessibleName(/not shown/);
  press('Delete');
  await waitFor(() => expect(rows()).toHaveLength(1));
});

test('nothing to draw has to be said twice', async () => {
  await open();
  press('Enter', { key: 'Enter' });
  expect(await screen.findByText(/Press again if there is really nothing/)).toBeInTheDocument();
  expect(server.sent).toEqual([]);
  press('Escape', { key: 'Escape' });
  await waitFor(() => expect(screen.queryByText(/really nothing/)).toBeNull());
  press('KeyN');
  press('KeyN');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'none_of_these' }]));
});

test('what was drawn is not thrown away by one wrong key', async () => {
  await open();
  drag(60, 200, 160, 260);
  press('KeyT');
  expect(await screen.findByText(/throws away what you have drawn/)).toBeInTheDocument();
  expect(onTable()).toBe('1:shown');
  press('KeyT');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'cannot_tell' }]));
});

test('nor is what was clicked and is still on its way', async () => {
  await open({ tools: ['polygon'] });
  press('Digit1');
  press('KeyW');
  tap(100, 240, 'mouse');
  press('KeyT');
  expect(await screen.findByText(/throws away what you have drawn/)).toBeInTheDocument();
  expect(answers()).toEqual([]);
});

test('an attribute that is needed is asked for at its shape', async () => {
  await open({ attributes: [hidden] });
  press('Digit1');
  drag(60, 200, 160, 260);
  press('Enter', { key: 'Enter' });
  expect(await screen.findByText(/“How much is hidden\?” is missing/)).toBeInTheDocument();
  await userEvent.selectOptions(screen.getByRole('combobox', { name: /How much is hidden/ }), 'half');
  (document.activeElement as HTMLElement).blur();
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(sentShapes()[0]?.attributes).toEqual({ hidden: 'half' }));
});

test('an own answer comes back with its shapes, and a copy goes to the next picture', async () => {
  await open();
  press('Digit1');
  drag(60, 200, 160, 260);
  press('KeyC', { ctrlKey: true });
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  press('KeyV', { ctrlKey: true });
  expect(rows()).toHaveLength(1);
  press('KeyA');
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  expect(rows()[0]).toHaveAccessibleName(/^Box 1 of 1, Wheel/);
  press('KeyD');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  // What was begun before one looked back is there again.
  await waitFor(() => expect(rows()).toHaveLength(1));
});

test('only the tools that the question allows stand in the rail, each with its key', async () => {
  await open({ tools: ['box', 'mask'] });
  const rail = screen.getByRole('toolbar', { name: 'Drawing tools' });
  const names = within(rail)
    .getAllByRole('button')
    .map((one) => one.getAttribute('aria-label'));
  expect(names).toEqual([
    'Select and edit',
    'Box',
    'Brush',
    'Eraser',
    'Magic wand',
    'Find the object in a box',
  ]);
  press('KeyM');
  expect(within(rail).getByRole('button', { name: 'Brush' })).toHaveAttribute('aria-pressed', 'true');
  press('KeyP');
  expect(within(rail).getByRole('button', { name: 'Brush' })).toHaveAttribute('aria-pressed', 'true');
  const shared = registry
    .conflicts()
    .filter(({ ids }) => ids.some((id) => id.includes('tool') || id.includes('shapes')));
  expect(shared).toEqual([]);
});

test("an operator's network stands in the rail, takes S, and is asked again until the picture is encoded", async () => {
  const asked: unknown[] = [];
  const counts = countsToString([0, 40 * 30]);
  server.routes = {
    '/api/v1/assist/models': {
      results: [
        { id: 'half-1', name: 'Half', licence: '', problem: 'encoder.onnx cannot be read.' },
        { id: 'red-2', name: 'Red', licence: 'MIT', problem: '' },
      ],
    },
    'POST /api/v1/assist/masks': async (request: Request) => {
      asked.push(await request.json());
      if (asked.length === 1) return Response.json({ state: 'encoding', mask: null }, { status: 202 });
      return { state: 'ready', mask: { x: 100, y: 60, size: [30, 40], counts } };
    },
  };
  await open();
  const tool = await screen.findByRole('button', { name: "Find the object with the operator's model" });
  press('Digit1');
  press('KeyS');
  expect(tool).toHaveAttribute('aria-pressed', 'true');
  press('KeyG');
  expect(screen.getByRole('button', { name: 'Find the object in a box' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  press('KeyS');
  drag(40, 200, 200, 300);
  await waitFor(() => expect(asked).toHaveLength(2), { timeout: 5000 });
  expect(asked[1]).toEqual(asked[0]);
  expect(asked[0]).toMatchObject({ model: 'red-2', image: '/media/1', points: [] });
  await waitFor(() => {
    press('Enter', { key: 'Enter' });
    expect(rows()[0]).toHaveAccessibleName(/^Polygon 1 of 1, Wheel.*40 by 30 pixels/);
  });
  const shared = registry.conflicts().filter(({ ids }) => ids.some((id) => id.includes('tool')));
  expect(shared).toEqual([]);
});

test('of several networks one is chosen with the tool in the hand, and is remembered', async () => {
  const asked: string[] = [];
  const counts = countsToString([0, 40 * 30]);
  server.routes = {
    '/api/v1/assist/models': {
      results: ['blue', 'red'].map((name) => ({ id: `${name}-1`, name, licence: '', problem: '' })),
    },
    'POST /api/v1/assist/masks': async (request: Request) => {
      asked.push((await request.json()).model);
      return { state: 'ready', mask: { x: 100, y: 60, size: [30, 40], counts } };
    },
  };
  await open();
  const tool = await screen.findByRole('button', { name: "Find the object with the operator's model" });
  press('Digit1');
  expect(screen.queryByRole('combobox', { name: 'Model' })).toBeNull();
  press('KeyS');
  expect(tool).toHaveAttribute('aria-pressed', 'true');
  const choice = await screen.findByRole('combobox', { name: 'Model' });
  expect(choice).toHaveValue('blue-1');
  fireEvent.change(choice, { target: { value: 'red-1' } });
  expect(choice).toHaveValue('red-1');
  await waitFor(async () => {
    drag(40, 200, 200, 300);
    await waitFor(() => expect(asked.at(-1)).toBe('red-1'), { timeout: 500 });
  });
  expect(Object.values({ ...localStorage })).toContain('red');
  localStorage.clear();
});

test('what is half drawn is ended by Enter before anything is sent', async () => {
  await open();
  press('Digit1');
  press('KeyP');
  for (const [x, y] of [
    [60, 200],
    [160, 200],
    [160, 260],
  ] as const) {
    point('pointermove', x, y);
    point('pointerdown', x, y);
    point('pointerup', x, y);
  }
  press('Enter', { key: 'Enter' });
  expect(rows()[0]).toHaveAccessibleName(/^Polygon 1 of 1, Wheel/);
  expect(server.sent).toEqual([]);
  fireEvent.keyDown(document.body, { code: 'Enter', key: 'Enter' });
  await waitFor(() => expect(sentShapes()[0]?.rings?.[0]).toHaveLength(6));
});

test('a finger finds an object, says what is too much, and takes it, without a key', async () => {
  const asked: { points: { inside: boolean }[] }[] = [];
  server.routes = {
    '/api/v1/assist/models': { results: [{ id: 'red-2', name: 'Red', licence: 'MIT', problem: '' }] },
    'POST /api/v1/assist/masks': async (request: Request) => {
      asked.push(await request.json());
      return {
        state: 'ready',
        mask: { x: 100, y: 60, size: [30, 40], counts: countsToString([0, 1200]) },
      };
    },
  };
  await open();
  await userEvent.click(
    await screen.findByRole('button', { name: "Find the object with the operator's model" }),
  );
  press('Digit1');
  expect(bar()).toBeNull();
  drag(40, 200, 200, 300, 'touch');
  await waitFor(() => expect(bar()).toBeInTheDocument());
  // On the picture, where the hand is.
  expect(bar()?.closest('[data-picture]')).not.toBeNull();
  expect(named()).toEqual(['Take it', 'In', 'Out', 'Cancel']);
  expect(onBar().getByRole('button', { name: 'In' })).toHaveAttribute('aria-pressed', 'true');
  fireEvent.click(onBar().getByRole('button', { name: 'Out' }));
  expect(onBar().getByRole('button', { name: 'Out' })).toHaveAttribute('aria-pressed', 'true');
  tap(60, 220);
  await waitFor(() => expect(asked.at(-1)?.points.map(({ inside }) => inside)).toEqual([false]));
  expect(named()).toContain('Take one back');
  await waitFor(() => {
    const take = bar() && onBar().queryByRole('button', { name: 'Take it' });
    if (take) fireEvent.click(take);
    expect(rows()[0]).toHaveAccessibleName(/^Polygon 1 of 1, Wheel/);
  });
  expect(bar()).toBeNull();
});

test('a pen has buttons for the brush; a mouse has them beside the picture and only where something waits', async () => {
  await open({ tools: ['mask', 'polygon'] });
  press('KeyM');
  drag(60, 200, 160, 260, 'pen');
  await waitFor(() => expect(bar()).toBeInTheDocument());
  expect(named()).toEqual(['Next mask']);
  await userEvent.click(onBar().getByRole('button', { name: 'Next mask' }));
  drag(180, 200, 220, 260, 'pen');
  expect(rows()).toHaveLength(2);
  await userEvent.click(onBar().getByRole('button', { name: 'Next mask' }));
  drag(60, 270, 80, 280);
  expect(bar()).toBeNull();
  press('KeyP');
  for (const [x, y] of [
    [60, 200],
    [160, 200],
    [160, 260],
  ] as const)
    tap(x, y, 'mouse');
  expect(bar()?.closest('[data-picture]')).toBeNull();
  expect(named()).toEqual(['Done', 'Take one back', 'Cancel']);
  await userEvent.click(onBar().getByRole('button', { name: 'Done' }));
  expect(rows()).toHaveLength(4);
  expect(document.body).toHaveFocus();
});
