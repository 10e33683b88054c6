import type { Size, View } from '../viewport';

/** Where the tiles of a large picture are: the numbering of Deep Zoom, without overlap. Pure functions. */

export interface TileSet extends Size {
  /** Pixels a side of a tile in its own level. */
  readonly tileSize: number;
  /** The level that is one tile. */
  readonly minLevel: number;
  /** The level at full size; each one below is half as large. */
  readonly maxLevel: number;
}

export interface Tile {
  readonly level: number;
  readonly column: number;
  readonly row: number;
}

/** Pixels of the picture from left, top to right, bottom. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How many pixels of the picture a pixel of a level stands for, a side. */
export const stepOf = (set: TileSet, level: number): number => 2 ** (set.maxLevel - level);

/** A level may be shown larger than it is by so much before the next finer one is taken. */
const STRETCH = 0.15;

/** The level to be drawn when a pixel of the picture takes `scale` pixels of the device. */
export function levelFor(set: TileSet, scale: number): number {
  const level = set.maxLevel + Math.ceil(Math.log2(scale) - STRETCH);
  return Math.min(set.maxLevel, Math.max(set.minLevel, level));
}

/** Width and height of a level in its own pixels. */
export function levelSize(set: TileSet, level: number): Size {
  const step = stepOf(set, level);
  return { width: Math.ceil(set.width / step), height: Math.ceil(set.height / step) };
}

/** What a tile shows of the picture. */
export function areaOf(set: TileSet, { level, column, row }: Tile): Area {
  const side = set.tileSize * stepOf(set, level);
  return {
    left: column * side,
    top: row * side,
    right: Math.min(set.width, (column + 1) * side),
    bottom: Math.min(set.height, (row + 1) * side),
  };
}

/** The part of the picture that a screen shows, whole pixels. */
export function seen(set: Size, view: View, screen: Size): Area {
  const within = (value: number, end: number) => Math.min(end, Math.max(0, value));
  return {
    left: within(Math.floor(-view.x / view.scale), set.width),
    top: within(Math.floor(-view.y / view.scale), set.height),
    right: within(Math.ceil((screen.width - view.x) / view.scale), set.width),
    bottom: within(Math.ceil((screen.height - view.y) / view.scale), set.height),
  };
}

/** The tiles of a level that touch an area, row by row. */
export function tilesIn(set: TileSet, level: number, { left, top, right, bottom }: Area): Tile[] {
  const side = set.tileSize * stepOf(set, level);
  const tiles: Tile[] = [];
  if (left >= right || top >= bottom) return tiles;
  for (let row = Math.floor(top / side); row * side < bottom; row += 1)
    for (let column = Math.floor(left / side); column * side < right; column += 1)
      tiles.push({ level, column, row });
  return tiles;
}

/** The tile so many levels coarser that shows this one too. */
export function above({ level, column, row }: Tile, levels: number): Tile {
  return { level: level - levels, column: column >> levels, row: row >> levels };
}
