import { http } from '@/api/http';
import type { components } from '@/api/schema';
import { TileCache } from '@/engine/image/TileCache';
import { TiledSource } from '@/engine/image/TiledSource';
import type { Tile } from '@/engine/image/tiles';
import { type Picture, TilesFailed, TilesPending } from './pictures';
import { decodeImage } from './prefetch';

/** Loaded with the first picture that comes as tiles. */

type Told = components['schemas']['TilesOut'];

/** Decoded tiles of all pictures together. */
const TILES = new TileCache(256 * 1024 * 1024);

export async function openTiles(url: string, signal: AbortSignal): Promise<Picture> {
  const told = await http.get<Told>(url, { signal });
  if (told.state === 'pending') throw new TilesPending();
  if (told.state === 'failed') throw new TilesFailed(told.problem);
  const load = ({ level, column, row }: Tile, gone: AbortSignal) => {
    const names: Record<string, number> = { level, column, row };
    return decodeImage(
      told.url.replace(/\{(\w+)\}/g, (_all, name: string) => String(names[name])),
      gone,
    );
  };
  const whole = await load({ level: told.min_level, column: 0, row: 0 }, signal);
  const set = {
    width: told.width,
    height: told.height,
    tileSize: told.tile_size,
    minLevel: told.min_level,
    maxLevel: told.max_level,
  };
  const source = new TiledSource(set, whole, load, TILES);
  return { source, close: () => source.close() };
}
