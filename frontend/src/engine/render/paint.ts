import { decode, type Patch } from '../mask/rle';
import { shapeBounds } from '../model/bounds';
import type { KeyPointsShape, MaskShape, Shape, SkeletonTemplate } from '../model/shapes';
import { faded, type Look } from './look';
import { pathOf } from './paths';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Brushwork {
  /** Pixels of the canvas a pixel of the picture. */
  readonly scale: number;
  /** Pixels of the canvas a CSS pixel. */
  readonly ratio: number;
  readonly template: (key: string) => SkeletonTemplate | null;
  readonly emphasis: boolean;
}

const FILL = 0.16;
const FILL_CHOSEN = 0.28;
/** Below this many pixels of the canvas a shape is a dot. */
const DOT_BELOW = 3;

/** Paints one shape. The context must already map pixels of the picture to the canvas. Returns what it cost, in vertices. */
export function paintShape(context: Context, shape: Shape, look: Look, work: Brushwork): number {
  const pixel = work.ratio / work.scale;
  if (shape.kind === 'point') return paintDot(context, shape.x, shape.y, 4.5 * pixel, look, pixel);
  if (shape.kind === 'mask') return paintMask(context, shape, look, work);
  const b = shapeBounds(shape);
  const extent = Math.max(b.maxX - b.minX, b.maxY - b.minY) * work.scale;
  if (extent < DOT_BELOW) {
    context.fillStyle = look.colour;
    const side = DOT_BELOW / work.scale;
    context.fillRect((b.minX + b.maxX - side) / 2, (b.minY + b.maxY - side) / 2, side, side);
    return 2;
  }
  if (shape.kind === 'keypoints') return paintSkeleton(context, shape, look, work);
  const { path, vertices } = pathOf(shape, work.scale);
  if (shape.kind !== 'polyline') {
    context.fillStyle = faded(look.colour, work.emphasis ? FILL_CHOSEN : FILL);
    context.fill(path, 'evenodd');
  }
  strokePath(context, path, look, pixel, work.emphasis);
  return vertices;
}

function strokePath(context: Context, path: Path2D, look: Look, pixel: number, emphasis: boolean): void {
  // A dark rim, so that the line stands on any ground.
  context.lineWidth = (emphasis ? 4 : 3) * pixel;
  context.strokeStyle = emphasis ? '#000000a0' : '#00000060';
  context.stroke(path);
  if (look.dash.length > 0) context.setLineDash(look.dash.map((length) => length * pixel));
  context.lineWidth = (emphasis ? 2 : 1.5) * pixel;
  context.strokeStyle = look.colour;
  context.stroke(path);
  if (look.dash.length > 0) context.setLineDash([]);
}

function paintDot(context: Context, x: number, y: number, radius: number, look: Look, pixel: number): number {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = look.colour;
  context.fill();
  context.lineWidth = 1.5 * pixel;
  context.strokeStyle = '#000000c0';
  context.stroke();
  return 8;
}

/** Points that are hidden in the picture are rings, seen ones discs: not told by colour alone. */
function paintSkeleton(context: Context, shape: KeyPointsShape, look: Look, work: Brushwork): number {
  const pixel = work.ratio / work.scale;
  const path = new Path2D();
  for (const [from, to] of work.template(shape.template)?.edges ?? []) {
    const [a, b] = [shape.points[from], shape.points[to]];
    if (!a || !b || a.visibility === 0 || b.visibility === 0) continue;
    path.moveTo(a.x, a.y);
    path.lineTo(b.x, b.y);
  }
  strokePath(context, path, look, pixel, work.emphasis);
  for (const point of shape.points) {
    if (point.visibility === 0) continue;
    context.beginPath();
    context.arc(point.x, point.y, 3.5 * pixel, 0, 2 * Math.PI);
    context.fillStyle = point.visibility === 2 ? look.colour : '#000000c0';
    context.fill();
    context.lineWidth = 1.5 * pixel;
    context.strokeStyle = point.visibility === 2 ? '#000000c0' : look.colour;
    context.stroke();
  }
  return shape.points.length * 8;
}

interface Tinted {
  readonly colour: string;
  readonly canvas: OffscreenCanvas;
}
const tinted = new WeakMap<MaskShape, Tinted>();

function paintMask(context: Context, shape: MaskShape, look: Look, work: Brushwork): number {
  const b = shapeBounds(shape);
  if (b.minX > b.maxX) return 0;
  let found = tinted.get(shape);
  if (!found || found.colour !== look.colour) {
    const patch = decode(shape.mask, b.minX, b.minY, b.maxX - b.minX, b.maxY - b.minY);
    found = { colour: look.colour, canvas: tintPatch(patch, look.colour) };
    tinted.set(shape, found);
  }
  context.globalAlpha = work.emphasis ? 0.6 : 0.42;
  context.imageSmoothingEnabled = work.scale < 1;
  context.drawImage(found.canvas, b.minX, b.minY);
  context.globalAlpha = 1;
  // Blitting is cheap beside filling paths: about a vertex for every 500 pixels.
  return 8 + (found.canvas.width * found.canvas.height * Math.min(1, work.scale ** 2)) / 500;
}

/** The ink of a patch in one colour, on nothing. */
export function tintPatch(patch: Patch, colour: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.max(1, patch.width), Math.max(1, patch.height));
  const context = canvas.getContext('2d');
  if (!context || patch.data.length === 0) return canvas;
  const image = context.createImageData(patch.width, patch.height);
  const word = new Uint32Array(image.data.buffer);
  const value = Number.parseInt(colour.slice(1, 7), 16);
  // Little-endian RGBA; every machine with a browser is.
  const ink = 0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16);
  for (let at = 0; at < word.length; at += 1) if (patch.data[at]) word[at] = ink;
  context.putImageData(image, 0, 0);
  return canvas;
}
