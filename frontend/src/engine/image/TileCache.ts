/** Decoded tiles of all pictures, the least recently drawn given up first. */

interface Kept {
  readonly bitmap: ImageBitmap;
  readonly bytes: number;
  used: number;
}

export class TileCache {
  /** In order of use, the least recent first. */
  private readonly tiles = new Map<string, Kept>();
  private bytes = 0;
  private drawing = 0;

  /** What one screen needs is kept even above the bound, else it would be loaded for ever. */
  constructor(private readonly bound: number) {}

  get size(): number {
    return this.bytes;
  }

  /** A picture is being drawn: what is asked for from now on is on the screen. */
  begin(): void {
    this.drawing += 1;
  }

  get(key: string): ImageBitmap | null {
    const tile = this.tiles.get(key);
    if (!tile) return null;
    tile.used = this.drawing;
    this.tiles.delete(key);
    this.tiles.set(key, tile);
    return tile.bitmap;
  }

  put(key: string, bitmap: ImageBitmap): void {
    this.drop(key);
    const bytes = 4 * bitmap.width * bitmap.height;
    // It was asked for by the drawing that is on the screen.
    this.tiles.set(key, { bitmap, bytes, used: this.drawing });
    this.bytes += bytes;
    for (const [other, tile] of this.tiles) {
      if (this.bytes <= this.bound || tile.used === this.drawing) return;
      this.drop(other);
    }
  }

  /** Gives up all tiles whose keys begin so. */
  forget(prefix: string): void {
    for (const key of [...this.tiles.keys()]) if (key.startsWith(prefix)) this.drop(key);
  }

  private drop(key: string): void {
    const tile = this.tiles.get(key);
    if (!tile) return;
    this.tiles.delete(key);
    this.bytes -= tile.bytes;
    tile.bitmap.close();
  }
}
