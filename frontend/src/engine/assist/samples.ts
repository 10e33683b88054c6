import type { Bounds } from '../model/shapes';
import type { Pixels } from '../tools/tool';
import type { Prompt } from './assistant';

/** What assistants share: a part of the picture thinned to samples, and what somebody has said of them. */

/** A click speaks for so many samples around it. */
const CLICK = 3;

/** Every `step`th pixel of every `step`th row from (x, y) on. */
export interface Samples {
  readonly x: number;
  readonly y: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** The box with half its size around it, where the surroundings are learnt, in at most `side` samples a side. */
export function samplesAround(pixels: Pixels, box: Bounds, side: number): Samples {
  const [dx, dy] = [(box.maxX - box.minX) / 2, (box.maxY - box.minY) / 2];
  const x = Math.max(0, Math.floor(box.minX - dx));
  const y = Math.max(0, Math.floor(box.minY - dy));
  const right = Math.min(pixels.width, Math.ceil(box.maxX + dx));
  const bottom = Math.min(pixels.height, Math.ceil(box.maxY + dy));
  const step = Math.max(1, Math.ceil(Math.max(right - x, bottom - y) / side));
  const width = Math.max(1, Math.floor((right - x) / step));
  const height = Math.max(1, Math.floor((bottom - y) / step));
  return { x, y, step, width, height };
}

/** -1 is surely outside, 1 surely inside, 0 open. */
export function fixedBy({ x, y, step, width, height }: Samples, { box, points }: Prompt): Int8Array {
  const fixed = new Int8Array(width * height).fill(-1);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const [px, py] = [x + (column + 0.5) * step, y + (row + 0.5) * step];
      if (px >= box.minX && px <= box.maxX && py >= box.minY && py <= box.maxY)
        fixed[row * width + column] = 0;
    }
  for (const point of points) {
    const [cx, cy] = [Math.floor((point.x - x) / step), Math.floor((point.y - y) / step)];
    for (let row = Math.max(0, cy - CLICK); row <= Math.min(height - 1, cy + CLICK); row += 1)
      for (let column = Math.max(0, cx - CLICK); column <= Math.min(width - 1, cx + CLICK); column += 1)
        fixed[row * width + column] = point.inside ? 1 : -1;
  }
  return fixed;
}

/** The largest piece, with every piece in which somebody has clicked, and holes that touch no click filled. */
export function largest(inside: Uint8Array, fixed: Int8Array, width: number, height: number): Uint8Array {
  const pieces = piecesOf(inside, 1, width, height);
  const clicked = (piece: readonly number[]) => piece.some((at) => fixed[at] === 1);
  const [biggest] = [...pieces].sort((a, b) => b.length - a.length);
  const kept = new Uint8Array(inside.length);
  for (const piece of pieces) if (piece === biggest || clicked(piece)) for (const at of piece) kept[at] = 1;
  for (const hole of piecesOf(kept, 0, width, height)) {
    const open = hole.some((at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      return fixed[at] === -1 || x === 0 || y === 0 || x === width - 1 || y === height - 1;
    });
    // A large hole is one of the object.
    if (!open && hole.length < (biggest?.length ?? 0) / 50) for (const at of hole) kept[at] = 1;
  }
  return kept;
}

function piecesOf(bits: Uint8Array, wanted: number, width: number, height: number): number[][] {
  const seen = new Uint8Array(bits.length);
  const pieces: number[][] = [];
  for (let start = 0; start < bits.length; start += 1) {
    if (bits[start] !== wanted || seen[start]) continue;
    const piece: number[] = [start];
    seen[start] = 1;
    for (let next = 0; next < piece.length; next += 1) {
      const at = piece[next] ?? 0;
      const x = at % width;
      const around = [
        x > 0 ? at - 1 : -1,
        x + 1 < width ? at + 1 : -1,
        at - width,
        at + width < height * width ? at + width : -1,
      ];
      for (const other of around) {
        if (other < 0 || bits[other] !== wanted || seen[other]) continue;
        seen[other] = 1;
        piece.push(other);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}
