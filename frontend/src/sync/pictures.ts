import { BitmapSource, type ImageSource } from '@/engine/image/BitmapSource';
import { type Closable, type Decode, decodeImage } from './prefetch';

/** Pictures as the engine draws them: a small one decoded whole, one above 50 megapixels tile by tile. */

export interface Picture extends Closable {
  readonly source: ImageSource;
}

interface Addresses {
  readonly image_url: string | null;
  readonly tiles_url?: string | null;
}

const TILES_ADDRESS = '/api/v1/tiles/';
/** How often it is asked whether tiles are ready. */
export const ASK_AGAIN_MS = 4000;

/** A worker has not cut the picture yet. */
export class TilesPending extends Error {}

/** The picture cannot be cut; the message says why. */
export class TilesFailed extends Error {}

/** The one address that names a picture; null where there is none. */
export const addressOf = ({ image_url, tiles_url }: Addresses): string | null => tiles_url ?? image_url;

/** What may stand in for a thumbnail, or be fetched ahead by the browser: the whole picture, where it is small enough. */
export const wholeOf = ({ image_url, tiles_url }: Addresses): string | null => (tiles_url ? null : image_url);

/** Rejects with TilesPending or TilesFailed where that is so. */
export const openPicture: Decode<Picture> = async (url, signal) => {
  if (url.startsWith(TILES_ADDRESS)) return (await import('./tiledPictures')).openTiles(url, signal);
  const bitmap = await decodeImage(url, signal);
  return { source: new BitmapSource(bitmap), close: () => bitmap.close() };
};
