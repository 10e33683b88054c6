import type { TileCache } from './TileCache';
import type { Tile } from './tiles';

/** Fetches and decodes one tile. Rejects when it cannot be had. */
export type LoadTile = (tile: Tile, signal: AbortSignal) => Promise<ImageBitmap>;

const AT_ONCE = 6;
const TRY_AGAIN_MS = 3000;

/** Loads what is wanted now, a few at a time, and forgets what was wanted before. */
export class TileLoader {
  private wanted: Tile[] = [];
  private readonly loading = new Map<string, AbortController>();
  private readonly failed = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly load: LoadTile,
    private readonly cache: TileCache,
    private readonly keyOf: (tile: Tile) => string,
    private readonly came: () => void,
  ) {}

  /** The most important first. What is on its way and no longer wanted is given up. */
  want(tiles: readonly Tile[]): void {
    const keys = new Set(tiles.map(this.keyOf));
    for (const [key, abort] of this.loading) {
      if (keys.has(key)) continue;
      this.loading.delete(key);
      abort.abort();
    }
    this.wanted = tiles.filter((tile) => !this.loading.has(this.keyOf(tile)));
    this.next();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.want([]);
  }

  private next(): void {
    while (this.loading.size < AT_ONCE) {
      const tile = this.wanted.shift();
      if (!tile) return;
      const key = this.keyOf(tile);
      if (!this.loading.has(key) && (this.failed.get(key) ?? 0) <= Date.now()) void this.fetch(tile, key);
    }
  }

  private async fetch(tile: Tile, key: string): Promise<void> {
    const abort = new AbortController();
    this.loading.set(key, abort);
    try {
      const bitmap = await this.load(tile, abort.signal);
      if (abort.signal.aborted) return bitmap.close();
      this.failed.delete(key);
      this.cache.put(key, bitmap);
    } catch {
      if (abort.signal.aborted) return;
      this.failed.set(key, Date.now() + TRY_AGAIN_MS);
      clearTimeout(this.timer);
      this.timer = setTimeout(this.came, TRY_AGAIN_MS + 1);
    }
    this.loading.delete(key);
    this.next();
    if (!this.failed.has(key)) this.came();
  }
}
