/**
 * Where the picture is on the screen. Coordinates of the picture are EXIF-oriented pixels, origin top left, pixel edges;
 * of the screen CSS pixels of the canvas. screen = picture · scale + (x, y).
 */

export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A small picture is not blown up further than this when it is fitted. */
export const MAX_FIT_SCALE = 4;
export const MAX_SCALE = 64;
/** So much of the picture stays on the screen, in CSS pixels, however it is dragged. */
const KEEP = 48;
const MARGIN = 16;

export function fitView(picture: Size, screen: Size): View {
  const free = {
    width: Math.max(1, screen.width - 2 * MARGIN),
    height: Math.max(1, screen.height - 2 * MARGIN),
  };
  const scale = Math.min(free.width / picture.width, free.height / picture.height, MAX_FIT_SCALE);
  return centred(picture, screen, scale);
}

export function centred(picture: Size, screen: Size, scale: number): View {
  return {
    scale,
    x: (screen.width - picture.width * scale) / 2,
    y: (screen.height - picture.height * scale) / 2,
  };
}

export function toPicture(view: View, point: Point): Point {
  return { x: (point.x - view.x) / view.scale, y: (point.y - view.y) / view.scale };
}

export function toScreen(view: View, point: Point): Point {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

export function panBy(view: View, dx: number, dy: number): View {
  return { scale: view.scale, x: view.x + dx, y: view.y + dy };
}

/** Zooms by a factor so that the point of the picture under `anchor` stays under it. */
export function zoomAt(view: View, factor: number, anchor: Point, smallest: number): View {
  const scale = Math.min(MAX_SCALE, Math.max(smallest, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: anchor.x - (anchor.x - view.x) * ratio, y: anchor.y - (anchor.y - view.y) * ratio };
}

/** Keeps a strip of the picture in sight. */
export function clamp(view: View, picture: Size, screen: Size): View {
  const width = picture.width * view.scale;
  const height = picture.height * view.scale;
  const keepX = Math.min(KEEP, width);
  const keepY = Math.min(KEEP, height);
  return {
    scale: view.scale,
    x: Math.min(screen.width - keepX, Math.max(keepX - width, view.x)),
    y: Math.min(screen.height - keepY, Math.max(keepY - height, view.y)),
  };
}

/** The CSS transform that shows what was painted under `painted` as it is under `now`. */
export function transformBetween(painted: View, now: View): string {
  const ratio = now.scale / painted.scale;
  return `matrix(${ratio}, 0, 0, ${ratio}, ${now.x - painted.x * ratio}, ${now.y - painted.y * ratio})`;
}

/** Whether what was painted under one view may stay under the other: moved by whole pixels of the screen, it is as sharp. */
export function staysSharp(painted: View, now: View, pixelRatio: number): boolean {
  const whole = (by: number) => Math.abs(by * pixelRatio - Math.round(by * pixelRatio)) < 0.01;
  return painted.scale === now.scale && whole(now.x - painted.x) && whole(now.y - painted.y);
}

/** How far out one may zoom: half of what fits. */
export function smallestScale(picture: Size, screen: Size): number {
  return Math.min(fitView(picture, screen).scale / 2, 1);
}
