import type { SegmentationAssistant } from '../assist/assistant';
import type { Eyes } from '../assist/eyes';
import type { SpatialIndex } from '../hit/SpatialIndex';
import type { ShapeDocument } from '../model/document';
import type { Geometry, Shape, SkeletonTemplate } from '../model/shapes';
import type { FaultCode } from '../model/validate';
import type { Overlay } from '../render/overlay';
import type { Point, Size } from '../viewport';
import type { Order } from './orders';

/** A pointer over the picture, whatever it is made of: mouse, pen or finger. */
export interface ToolPointer {
  /** In pixels of the picture; may lie outside it. */
  readonly point: Point;
  /** In CSS pixels of the canvas. */
  readonly screen: Point;
  readonly type: 'mouse' | 'pen' | 'touch';
  /** 0 to 1; 0.5 for what cannot feel. */
  readonly pressure: number;
  readonly shift: boolean;
  readonly alt: boolean;
  /** Ctrl, or Cmd on a Mac. */
  readonly ctrl: boolean;
  /** Which press in a row this is: 2 for a double click. */
  readonly clicks: number;
}

export interface ToolKey {
  /** Physical key, as `KeyboardEvent.code` has it. */
  readonly code: string;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

/**
 * The colours of the picture, for tools that look at it: RGBA, row by row. Of a picture too large for that, of a part of
 * it: sample (i, j) stands for `step` x `step` pixels from (x + i · step, y + j · step) on.
 */
export interface Pixels extends Frame {
  /** Perhaps read back only when it is asked for: of 12 megapixels it is 48 MB. */
  readonly data: Uint8ClampedArray;
  /** The same as a bitmap, from which a worker reads it. */
  readonly bitmap?: ImageBitmap;
}

/** Where samples lie. */
export interface Frame extends Size {
  readonly x?: number;
  readonly y?: number;
  readonly step?: number;
}

/** The colours, or why there are none. */
export type Sight = Pixels | 'no_picture' | 'still_loading';

export interface ToolSettings {
  /** Diameter of the brush in pixels of the picture. */
  readonly brushSize: number;
  /** 0 to 255: how far a colour may lie from the one that was clicked. */
  readonly wandTolerance: number;
  readonly wandGivesPolygon: boolean;
}

/** Why a tool did not do what was asked. The page has a sentence for each. */
export type Refusal =
  | FaultCode
  | 'no_picture'
  | 'still_loading'
  | 'not_in_sight'
  | 'cut_off'
  | 'too_coarse'
  | 'whole_only'
  | 'nothing_chosen'
  | 'choose_polygon'
  | 'choose_two_polygons'
  | 'polygons_apart'
  | 'line_misses'
  | 'nothing_left'
  | 'locked'
  | 'tool_failed';

export interface CommitOptions {
  readonly selection?: Iterable<string>;
  /** Steps in a row with the same key become one step of undo. */
  readonly merge?: string;
}

/** What a tool may see and do. */
export interface ToolContext extends Readonly<{ document: ShapeDocument; index: SpatialIndex }> {
  readonly selection: ReadonlySet<string>;
  readonly chosen: readonly Shape[];
  /** Pixels of the screen a pixel of the picture. */
  readonly scale: number;
  readonly settings: ToolSettings;
  /** Class of the next shape. */
  readonly classKey: string;
  readonly template: SkeletonTemplate | null;
  readonly pixels: () => Sight;
  /** Who looks at the colours. */
  readonly eyes: Eyes;
  readonly assistant: SegmentationAssistant;
  /** An operator's own network that finds objects; null where there is none. */
  readonly network: SegmentationAssistant | null;
  /** Neither hidden nor locked. */
  readonly editable: (shape: Shape) => boolean;
  /** A new shape of the class that is set for the next. */
  readonly make: (geometry: Geometry) => Shape;
  /** False when a fault was found; it has been told then, and nothing has changed. */
  readonly commit: (document: ShapeDocument, label: string, options?: CommitOptions) => boolean;
  readonly select: (ids: Iterable<string>) => void;
  readonly refuse: (why: Refusal) => void;
  /**
   * Something is on its way that will be drawn when it is there, also when another tool is in the hand by then. Escape and
   * undo stop it, and so does another picture; then it is lost.
   */
  readonly whenThere: <Answer>(
    ask: (signal: AbortSignal) => Answer | Promise<Answer>,
    done: (answer: Answer) => void,
    lost?: () => void,
  ) => void;
  /** The overlay looks different now. */
  readonly redraw: () => void;
}

export type ToolName =
  | 'select'
  | 'box'
  | 'rotated_box'
  | 'polygon'
  | 'polyline'
  | 'point'
  | 'keypoints'
  | 'cut'
  | 'slice'
  | 'brush'
  | 'eraser'
  | 'wand'
  | 'livewire'
  | 'assist'
  | 'smart';

/** A state machine. Between two shapes it is at rest, and `cancel` brings it there from anywhere. */
export interface Tool {
  readonly name: ToolName;
  readonly cursor: string;
  /** True while something is begun that `cancel` would throw away. */
  readonly busy: boolean;
  readonly overlay: Overlay;
  /** What a button may say now; left out where it is only `cancel`, while the tool is busy. */
  readonly orders?: readonly Order[];
  /** Whether the next click says what belongs to the object, or what does not. */
  readonly marking?: 'in' | 'out' | null;
  mark?(marking: 'in' | 'out'): void;
  down(pointer: ToolPointer): void;
  move(pointer: ToolPointer): void;
  up(pointer: ToolPointer): void;
  /** True when the key was the tool's. */
  key(key: ToolKey): boolean;
  cancel(): void;
}

/** In pixels of the screen: how near is on it. A finger covers more than a mouse. */
export const reach = (pointer: ToolPointer): number => (pointer.type === 'touch' ? 18 : 7);

/** Of a document without its shapes: what is asked of a worker is copied. */
export const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/** A press that goes no further than this is a click. */
export const SLIP = 3;

export const moved = (from: ToolPointer, to: ToolPointer): boolean =>
  Math.hypot(to.screen.x - from.screen.x, to.screen.y - from.screen.y) > SLIP;
