import { claimFor, type Drawing, type PointerInput } from './drawing';
import type { Editor } from './editor';
import type { ImageEngine } from './engine';
import { shapeBounds } from './model/bounds';
import { unite } from './model/geometry';
import type { Bounds, Shape } from './model/shapes';
import { ActiveLayer } from './render/ActiveLayer';
import type { LookOf } from './render/look';
import { type Scene, StaticLayer } from './render/StaticLayer';
import type { ToolPointer } from './tools/tool';
import { type Point, toPicture } from './viewport';

/**
 * Puts an editor on an image engine: two layers above the picture, and the pointer to the tool in hand. The host is the
 * element of the engine; it must clip what reaches out of it.
 */
export class ShapeStage implements Drawing {
  panning = false;
  readonly below: StaticLayer;
  private readonly above: ActiveLayer;
  private readonly stops: (() => void)[];
  private readonly observer: ResizeObserver;
  private scene: Scene | null = null;
  /** What the scene was made of; while these are the same it is the same. */
  private made: readonly unknown[] = [];
  private crosshair: Point | null = null;
  private crosshairOn = false;
  private frame = 0;

  constructor(
    readonly host: HTMLElement,
    private readonly engine: ImageEngine,
    private readonly editor: Editor,
    private look: LookOf,
  ) {
    this.below = new StaticLayer(host);
    this.above = new ActiveLayer(host);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.stops = [engine.subscribe(() => this.moved()), editor.onPaint(() => this.schedule())];
    engine.claim = claimFor(this);
    this.resize();
  }

  destroy(): void {
    for (const stop of this.stops) stop();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    this.engine.claim = null;
    this.below.destroy();
    this.above.destroy();
  }

  setLook(look: LookOf): void {
    this.look = look;
    this.schedule();
  }

  setCrosshair(on: boolean): void {
    this.crosshairOn = on;
    this.crosshair = null;
    this.schedule();
  }

  /** 1 leaves the picture as it is. The labels keep their colours. */
  setTone(brightness: number, contrast: number): void {
    const plain = brightness === 1 && contrast === 1;
    this.engine.canvas.style.filter = plain ? '' : `brightness(${brightness}) contrast(${contrast})`;
  }

  zoomToSelection(): void {
    const around = this.editor.chosen
      .map(shapeBounds)
      .reduce<Bounds | null>((all, b) => (all ? unite(all, b) : b), null);
    if (around) this.engine.zoomTo(around);
  }

  // Drawing: what drawing.ts calls

  pointer(phase: 'down' | 'move' | 'up', input: PointerInput): void {
    if (!this.engine.picture) return;
    const point = toPicture(this.engine.currentView(), input.screen);
    const pointer: ToolPointer = { ...input, point };
    this.editor.pointer(phase, pointer);
    this.host.style.cursor = this.panning ? 'grab' : this.editor.cursor;
    if (!this.crosshairOn) return;
    this.crosshair = point;
    this.schedule();
  }

  cancel(): void {
    this.editor.cancel();
  }

  leave(): void {
    this.crosshair = null;
    this.schedule();
  }

  // Painting

  private resize(): void {
    const size = { width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) };
    const ratio = globalThis.devicePixelRatio || 1;
    this.below.resize(size, ratio);
    this.above.resize(size, ratio);
    this.schedule();
  }

  private moved(): void {
    const view = this.engine.currentView();
    this.editor.setScale(view.scale);
    this.below.moveTo(view);
    this.schedule();
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  private paint(): void {
    this.takeOver();
    const { editor, look } = this;
    this.above.paint(
      {
        chosen: editor.chosen.filter(editor.visible),
        overlay: editor.overlay,
        crosshair: this.crosshair,
        look,
        template: this.templateOf,
      },
      this.engine.currentView(),
    );
  }

  private readonly templateOf = (key: string) => this.editor.templates.get(key) ?? null;

  /** Gives the static layer a new scene when the shapes it shows are others than before. */
  private takeOver(): void {
    const { editor, look } = this;
    const { opened, document, hiddenClasses, allHidden } = editor.snapshot();
    const lifted = editor.overlay.lifted ?? null;
    const liftedKey = lifted ? [...lifted].join(' ') : '';
    const made = [opened, document, hiddenClasses, allHidden, liftedKey, look];
    if (made.every((part, at) => part === this.made[at])) return;
    // Shapes of the last picture must not stand on this one for a single frame.
    const another = opened !== this.made[0];
    this.made = made;
    const shows = (shape: Shape) => editor.visible(shape) && !lifted?.has(shape.id);
    this.scene = { document, index: editor.index, shows, look, template: this.templateOf };
    if (another) this.below.show(this.scene, this.engine.currentView());
    else this.below.update(this.scene);
  }
}
