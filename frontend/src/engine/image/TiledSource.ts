import type { Pixels } from '../tools/tool';
import type { Size, View } from '../viewport';
import { type ImageSource, SHOW_PIXELS_FROM } from './BitmapSource';
import type { TileCache } from './TileCache';
import { type LoadTile, TileLoader } from './TileLoader';
import { above, areaOf, levelFor, levelSize, seen, stepOf, type Tile, type TileSet, tilesIn } from './tiles';

let sources = 0;

/**
 * A picture too large for one bitmap. Draws the tiles that are on the canvas from the level that fits the zoom; where one
 * is not there yet, the part of the coarser tile that shows the same. The coarsest is there from the beginning.
 */
export class TiledSource implements ImageSource {
  readonly width: number;
  readonly height: number;
  private readonly id = `${++sources}/`;
  private readonly listeners = new Set<() => void>();
  private readonly loader: TileLoader;
  /** Wanted for `part`, besides what is on the canvas. */
  private asked: readonly Tile[] = [];

  /** `whole` is the one tile of the lowest level; this source closes it. */
  constructor(
    private readonly set: TileSet,
    private readonly whole: ImageBitmap,
    load: LoadTile,
    private readonly cache: TileCache,
  ) {
    this.width = set.width;
    this.height = set.height;
    this.loader = new TileLoader(load, cache, this.keyOf, () => this.changed());
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  rest(): void {
    this.loader.stop();
    this.asked = [];
  }

  close(): void {
    this.rest();
    this.listeners.clear();
    this.cache.forget(this.id);
    this.whole.close();
  }

  draw(context: CanvasRenderingContext2D, view: View, pixelRatio: number): void {
    const { set } = this;
    const { canvas } = context;
    const device: View = { scale: view.scale * pixelRatio, x: view.x * pixelRatio, y: view.y * pixelRatio };
    const tiles = tilesIn(set, levelFor(set, device.scale), seen(set, device, canvas));
    this.cache.begin();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.imageSmoothingEnabled = device.scale < SHOW_PIXELS_FROM;
    context.imageSmoothingQuality = 'high';
    for (const tile of tiles) this.put(context, tile, device);
    const middle = {
      x: (canvas.width / 2 - device.x) / device.scale,
      y: (canvas.height / 2 - device.y) / device.scale,
    };
    const away = (tile: Tile) => {
      const { left, top, right, bottom } = areaOf(set, tile);
      return Math.hypot((left + right) / 2 - middle.x, (top + bottom) / 2 - middle.y);
    };
    const missing = [...tiles, ...this.asked].filter((tile) => !this.bitmap(tile));
    this.loader.want(missing.sort((one, other) => away(one) - away(other)));
  }

  part(view: View, screen: Size): Pixels | null {
    const { set } = this;
    const level = levelFor(set, view.scale);
    const step = stepOf(set, level);
    const area = seen(set, view, screen);
    const tiles = tilesIn(set, level, area);
    const size = levelSize(set, level);
    const x = Math.floor(area.left / step);
    const y = Math.floor(area.top / step);
    const width = Math.min(size.width, Math.ceil(area.right / step)) - x;
    const height = Math.min(size.height, Math.ceil(area.bottom / step)) - y;
    const missing = tiles.filter((tile) => !this.bitmap(tile));
    this.asked = missing;
    if (missing.length > 0) this.changed();
    if (missing.length > 0 || width <= 0 || height <= 0) return null;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return null;
    for (const tile of tiles) {
      const bitmap = this.bitmap(tile);
      if (bitmap) context.drawImage(bitmap, tile.column * set.tileSize - x, tile.row * set.tileSize - y);
    }
    return {
      width,
      height,
      data: context.getImageData(0, 0, width, height).data,
      x: x * step,
      y: y * step,
      step,
    };
  }

  /** Edges on whole pixels of the device, so that neighbours leave no seam. */
  private put(context: CanvasRenderingContext2D, tile: Tile, { scale, x, y }: View): void {
    const { set } = this;
    for (let levels = 0; tile.level - levels >= set.minLevel; levels += 1) {
      const coarse = above(tile, levels);
      const bitmap = this.bitmap(coarse);
      if (!bitmap) continue;
      const area = areaOf(set, tile);
      const [left, top] = [Math.round(area.left * scale + x), Math.round(area.top * scale + y)];
      const [right, bottom] = [Math.round(area.right * scale + x), Math.round(area.bottom * scale + y)];
      const from = areaOf(set, coarse);
      const step = stepOf(set, coarse.level);
      const [sx, sy] = [(area.left - from.left) / step, (area.top - from.top) / step];
      const width = Math.min(bitmap.width - sx, (area.right - area.left) / step);
      const height = Math.min(bitmap.height - sy, (area.bottom - area.top) / step);
      context.drawImage(
        bitmap,
        sx,
        sy,
        width,
        height,
        left,
        top,
        Math.max(1, right - left),
        Math.max(1, bottom - top),
      );
      return;
    }
  }

  private bitmap(tile: Tile): ImageBitmap | null {
    return tile.level === this.set.minLevel ? this.whole : this.cache.get(this.keyOf(tile));
  }

  private readonly keyOf = ({ level, column, row }: Tile): string => `${this.id}${level}/${column}_${row}`;

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
