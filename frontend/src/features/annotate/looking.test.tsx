import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { registry } from '@/actions/registry';
import { onTable, press, server, setTable, show } from './testBench';

setTable();
afterEach(() => registry.adopt({ preset: 'touchstone', remap: {} }));

const canvas = () => document.querySelector<HTMLCanvasElement>('[data-picture] canvas');
const key = (code: string, more: KeyboardEventInit = {}) => act(() => press(code, more));

test('Alt and a drag, or the wheel, change how the picture is shown and not where it is', async () => {
  await show();
  const place = screen.getByRole('img', { name: '1.png' });
  const at = { altKey: true, button: 0, pointerId: 1, clientX: 100, clientY: 100 };
  fireEvent.pointerDown(place, at);
  fireEvent.pointerMove(place, { ...at, clientX: 140, clientY: 80 });
  fireEvent.pointerUp(place, at);
  fireEvent.pointerMove(place, { ...at, clientX: 300 });
  expect(canvas()?.style.filter).toBe('brightness(1.1) contrast(1.2)');
  fireEvent.wheel(place, { altKey: true, deltaY: -100 });
  expect(canvas()?.style.filter).toBe('brightness(1.2) contrast(1.2)');
  key('Digit1');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  expect(canvas()?.style.filter).toBe('brightness(1.2) contrast(1.2)');
  key('KeyQ', { shiftKey: true });
  expect(canvas()?.style.filter).toBe('');
});

test('sliders do the same, and the crosshair follows the pointer and is kept for the person', async () => {
  const kept: unknown[] = [];
  server.routes['PATCH /api/v1/session'] = async (request: Request) => {
    kept.push(await request.json());
    return {};
  };
  await show();
  key('KeyB', { shiftKey: true });
  fireEvent.change(await screen.findByRole('slider', { name: 'Contrast' }), { target: { value: '1.5' } });
  expect(canvas()?.style.filter).toBe('brightness(1) contrast(1.5)');
  key('Backquote', { key: '`' });
  const line = document.querySelector<HTMLElement>('[data-crosshair="across"]');
  fireEvent.pointerMove(screen.getByRole('img', { name: '1.png' }), { clientX: 30, clientY: 40 });
  expect(line?.style.transform).toBe('translateY(40px)');
  await waitFor(() => expect(kept).toEqual([{ preferences: { crosshair: true } }]));
});

test('the keys of another tool work once chosen, and are the ones that are shown', async () => {
  registry.choosePreset('cvat');
  await show();
  key('Digit2', { ctrlKey: true });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  key('KeyD');
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  key('KeyF');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  expect(screen.getByRole('button', { name: /None of these/ })).toHaveTextContent('ShiftN');
});
