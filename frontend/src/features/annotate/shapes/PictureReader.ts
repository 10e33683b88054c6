import type { ImageEngine } from '@/engine/engine';
import type { Sight } from '@/engine/tools/tool';

/** The colours of the picture on the table: read back when a tool first asks; of one that comes as tiles, what is seen. */
export class PictureReader {
  private whole: ImageData | null = null;

  forget(): void {
    this.whole = null;
  }

  read(engine: ImageEngine | null | undefined): Sight {
    const source = engine?.picture;
    if (!engine || !source) return 'no_picture';
    if (source.part) return source.part(engine.currentView(), engine.screenSize) ?? 'still_loading';
    if (this.whole) return this.whole;
    const canvas = document.createElement('canvas');
    canvas.width = source.width;
    canvas.height = source.height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return 'no_picture';
    source.draw(context, { scale: 1, x: 0, y: 0 }, 1);
    this.whole = context.getImageData(0, 0, source.width, source.height);
    return this.whole;
  }
}
