import type { ImageEngine } from '@/engine/engine';
import { SpatialIndex } from '@/engine/hit/SpatialIndex';
import { shapesFromJson } from '@/engine/model/json';
import type { Shape, SkeletonTemplate } from '@/engine/model/shapes';
import type { Look } from '@/engine/render/look';
import { StaticLayer } from '@/engine/render/StaticLayer';

/** What one annotator drew: `shapes` in the engine's label format. */
export interface Layer extends Look {
  readonly id: number;
  readonly shapes: readonly unknown[];
}

/** The shapes of all layers as one document; ids begin with the place of their layer, so that none meet. */
export function merged(layers: readonly Layer[]): Shape[] {
  return layers.flatMap(({ shapes }, at) =>
    shapesFromJson([...shapes]).shapes.map((shape) => ({ ...shape, id: `${at}:${shape.id}`, hidden: false })),
  );
}

/** Draws everybody's shapes over a picture, each in the colour of who drew it. Nothing can be changed here. */
export class ShapeOverlay {
  private readonly below: StaticLayer;
  private readonly observer: ResizeObserver;
  private readonly stop: () => void;

  constructor(
    private readonly host: HTMLElement,
    private readonly engine: ImageEngine,
  ) {
    this.below = new StaticLayer(host);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.stop = engine.subscribe(() => this.below.moveTo(engine.currentView()));
    this.resize();
  }

  destroy(): void {
    this.stop();
    this.observer.disconnect();
    this.below.destroy();
  }

  show(layers: readonly Layer[], templates: readonly SkeletonTemplate[]): void {
    const { picture } = this.engine;
    const size = picture ?? { width: 1, height: 1 };
    const document = { width: size.width, height: size.height, shapes: merged(layers) };
    const index = new SpatialIndex();
    index.update(document);
    this.below.show(
      {
        document,
        index,
        shows: () => true,
        look: (shape) => layers[Number.parseInt(shape.id, 10)] ?? { colour: '#9aa0a6', dash: [] },
        template: (key) => templates.find((one) => one.key === key) ?? null,
      },
      this.engine.currentView(),
    );
  }

  private resize(): void {
    const size = { width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) };
    this.below.resize(size, globalThis.devicePixelRatio || 1);
    this.below.moveTo(this.engine.currentView());
  }
}
