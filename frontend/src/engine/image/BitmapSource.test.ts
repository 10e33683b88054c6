import { expect, test } from 'vitest';
import { BitmapSource } from './BitmapSource';

test('what is transparent has the same ground for everybody, and only where the picture is', () => {
  const painted: [string, ...number[]][] = [];
  const context = {
    setTransform: () => undefined,
    fillRect: (...at: number[]) => painted.push([String(context.fillStyle), ...at]),
    drawImage: (_: unknown, ...at: number[]) => painted.push(['picture', ...at]),
    fillStyle: '',
  };
  const bitmap = { width: 30, height: 20 } as ImageBitmap;
  new BitmapSource(bitmap).draw(context as never, { scale: 2, x: 5, y: 5 }, 1);
  expect(painted).toEqual([
    ['#b8b8b8', 0, 0, 30, 20],
    ['picture', 0, 0],
  ]);
});
