import type { ImageEngine } from '@/engine/engine';
import type { ImageSource } from '@/engine/image/BitmapSource';
import type { Pixels, Sight } from '@/engine/tools/tool';

/** The colours of the picture on the table; of one that comes as tiles, of what is seen. */
export class PictureReader {
  private whole: Pixels | null = null;

  forget(): void {
    this.whole = null;
  }

  read(engine: ImageEngine | null | undefined): Sight {
    const source = engine?.picture;
    if (!engine || !source) return 'no_picture';
    if (source.part) return source.part(engine.currentView(), engine.screenSize) ?? 'still_loading';
    this.whole ??= wholeOf(source);
    return this.whole;
  }
}

/** Read back on the page only when somebody there asks for it: as a rule a worker reads it from the bitmap. */
function wholeOf(source: ImageSource): Pixels {
  const { width, height, entire: bitmap } = source;
  let data: Uint8ClampedArray | null = null;
  return {
    width,
    height,
    ...(bitmap ? { bitmap } : {}),
    get data() {
      data ??= colours(source);
      return data;
    },
  };
}

function colours(source: ImageSource): Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  canvas.width = source.width;
  canvas.height = source.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no canvas.');
  source.draw(context, { scale: 1, x: 0, y: 0 }, 1);
  return context.getImageData(0, 0, source.width, source.height).data;
}
