import type { Pixels } from '../tools/tool';
import type { Size, View } from '../viewport';

/** Something that can be drawn under a view: a bitmap, or the tiles of a picture above 50 megapixels. */
export interface ImageSource extends Size {
  draw(context: CanvasRenderingContext2D, view: View, pixelRatio: number): void;
  /** Called when it would be drawn sharper than before. Only of pictures that come bit by bit. */
  subscribe?(listener: () => void): () => void;
  /** It is shown no longer: nothing more need be loaded for it. */
  rest?(): void;
  /** All of it, where it is one. */
  readonly entire?: ImageBitmap;
  /**
   * The colours of the part that the view shows on a screen, thinned when it is seen small. Null while they are on their
   * way. Absent where the whole picture may be read back.
   */
  part?(view: View, screen: Size): Pixels | null;
}

/** From this many screen pixels a picture pixel on, pixels are shown as squares. */
export const SHOW_PIXELS_FROM = 6;

/** Beneath what is transparent, the same for everybody: on the page's own ground a black drawing would vanish in the dark. */
const GROUND = '#b8b8b8';

/** One decoded bitmap. Whoever made the bitmap closes it. */
export class BitmapSource implements ImageSource {
  readonly width: number;
  readonly height: number;

  constructor(readonly entire: ImageBitmap) {
    this.width = entire.width;
    this.height = entire.height;
  }

  draw(context: CanvasRenderingContext2D, view: View, pixelRatio: number): void {
    const scale = view.scale * pixelRatio;
    context.imageSmoothingEnabled = scale < SHOW_PIXELS_FROM;
    context.imageSmoothingQuality = 'high';
    context.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
    context.fillStyle = GROUND;
    context.fillRect(0, 0, this.width, this.height);
    context.drawImage(this.entire, 0, 0);
  }
}
