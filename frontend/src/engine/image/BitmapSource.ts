import type { Size, View } from '../viewport';

/** Something that can be drawn under a view. Pictures above about 50 megapixels will come as tiles behind the same face. */
export interface ImageSource extends Size {
  draw(context: CanvasRenderingContext2D, view: View, pixelRatio: number): void;
}

/** From this many screen pixels a picture pixel on, pixels are shown as squares. */
const SHOW_PIXELS_FROM = 6;

/** One decoded bitmap. Whoever made the bitmap closes it. */
export class BitmapSource implements ImageSource {
  readonly width: number;
  readonly height: number;

  constructor(private readonly bitmap: ImageBitmap) {
    this.width = bitmap.width;
    this.height = bitmap.height;
  }

  draw(context: CanvasRenderingContext2D, view: View, pixelRatio: number): void {
    const scale = view.scale * pixelRatio;
    context.imageSmoothingEnabled = scale < SHOW_PIXELS_FROM;
    context.imageSmoothingQuality = 'high';
    context.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
    context.drawImage(this.bitmap, 0, 0);
  }
}
