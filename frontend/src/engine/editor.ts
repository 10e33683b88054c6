import type { SegmentationAssistant } from './assist/assistant';
import type { Eyes } from './assist/eyes';
import { type Draft, toDraft } from './draft';
import {
  BLIND,
  type Complaint,
  DEFAULTS,
  type EditorOptions,
  type EditorState,
  NOBODY,
} from './editorOptions';
import { Errands } from './errands';
import { History, type Moment } from './history';
import { SpatialIndex } from './hit/SpatialIndex';
import { emptyDocument, type ShapeDocument, shapeById, shapesById } from './model/document';
import { type Geometry, makeShape, type Shape, type SkeletonTemplate } from './model/shapes';
import { roundShape } from './model/transform';
import { type Fault, type Rules, validate, validateShape } from './model/validate';
import { NO_OVERLAY, type Overlay } from './render/overlay';
import { createTool } from './tools/createTool';
import { giveOrder, type Order, ordersOf } from './tools/orders';
import type {
  CommitOptions,
  Refusal,
  Sight,
  Tool,
  ToolContext,
  ToolKey,
  ToolName,
  ToolPointer,
  ToolSettings,
} from './tools/tool';

/**
 * Drawing on one picture after another: the document with its history, what is chosen, and the tool in hand. Knows nothing
 * of the screen but its scale; `ShapeStage` shows it, tests drive it without a DOM.
 */

export class Editor implements ToolContext {
  readonly index = new SpatialIndex();
  readonly templates: ReadonlyMap<string, SkeletonTemplate>;
  readonly assistant: SegmentationAssistant;
  readonly eyes: Eyes;
  /** What is on its way. */
  readonly errands = new Errands(
    () => this.redraw(),
    () => this.refuse('tool_failed'),
  );
  private networkNow: SegmentationAssistant | null = null;
  private history: History;
  private hand: Tool;
  private last: ToolName = 'box';
  private state: EditorState | null = null;
  private classNow = '';
  private templateNow: string | null = null;
  private settingsNow: ToolSettings;
  private scaleNow = 1;
  private opened = 0;
  private veiled: ReadonlySet<string> = new Set();
  private veilAll = false;
  private sightNow: () => Sight = () => 'no_picture';
  private rulesNow: Rules;
  private readonly newId: (() => string) | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly painters = new Set<() => void>();
  private readonly complainers = new Set<(complaint: Complaint) => void>();

  constructor(options: EditorOptions = {}) {
    this.templates = new Map(options.templates?.map((template) => [template.key, template]));
    this.templateNow = options.templates?.[0]?.key ?? null;
    this.rulesNow = { templates: this.templates, ...options.rules };
    this.settingsNow = { ...DEFAULTS, ...options.settings };
    this.newId = options.newId;
    this.assistant = options.assistant ?? NOBODY;
    this.eyes = options.eyes ?? BLIND;
    this.history = new History(emptyDocument({ width: 1, height: 1 }));
    this.hand = createTool('select', this);
  }

  // What a page does

  /** Another picture. What was there is gone from here: take `draft()` before. */
  open(document: ShapeDocument, pixels: () => Sight = () => 'no_picture'): void {
    this.hand.cancel();
    this.errands.drop();
    this.opened += 1;
    this.history = new History(document);
    this.sightNow = pixels;
    this.index.update(document);
    this.changed();
  }

  use(name: ToolName): void {
    if (this.hand.name === name) return;
    this.hand.cancel();
    if (this.hand.name !== 'select') this.last = this.hand.name;
    this.hand = createTool(name, this);
    this.changed();
  }

  /** The drawing tool that was in the hand before this one. */
  useLast(): void {
    this.use(this.last);
  }

  /** The class of the next shape, and of those that are chosen. */
  setClass(classKey: string): void {
    this.classNow = classKey;
    const next = this.chosen
      .filter((shape) => !shape.locked && shape.classKey !== classKey)
      .map((shape) => ({ ...shape, classKey }));
    if (next.length > 0) this.replace(next, 'class');
    this.changed();
  }

  setTemplate(key: string): void {
    if (!this.templates.has(key)) throw new Error(`There is no skeleton template ${key}.`);
    this.hand.cancel();
    this.templateNow = key;
    this.changed();
  }

  setSettings(settings: Partial<ToolSettings>): void {
    this.settingsNow = { ...this.settingsNow, ...settings };
    this.changed();
  }

  /** An operator's network, or that there is none any more. */
  setNetwork(network: SegmentationAssistant | null): void {
    this.networkNow = network;
    // What the tool in the hand asks was settled when it was taken up.
    if (this.hand.name === 'smart') {
      this.hand.cancel();
      this.hand = createTool(network ? 'smart' : 'assist', this);
    }
    this.changed();
  }

  setRules(rules: Rules): void {
    this.rulesNow = { templates: this.templates, ...rules };
  }

  /** Classes that are not shown; not a step of history, for it changes no label. */
  setHiddenClasses(keys: Iterable<string>): void {
    this.veiled = new Set(keys);
    this.changed();
  }

  setAllHidden(hidden: boolean): void {
    this.veilAll = hidden;
    this.changed();
  }

  undo(): boolean {
    // What is on its way goes first, and a half-drawn shape.
    if (this.errands.dropLast()) return true;
    if (this.hand.busy) {
      this.hand.cancel();
      return true;
    }
    const step = this.history.undo();
    this.travelled();
    return step !== null;
  }

  redo(): boolean {
    this.hand.cancel();
    // What is on its way is newer than what could be done again.
    if (this.errands.waiting) return false;
    const step = this.history.redo();
    this.travelled();
    return step !== null;
  }

  /** What is done next is a step of its own: something else was done in between. */
  seal(): void {
    this.history.seal();
  }

  replace(shapes: readonly Shape[], label: string, merge?: string): boolean {
    const changed = new Map(shapes.map((shape) => [shape.id, shape]));
    const all = this.document.shapes.map((shape) => changed.get(shape.id) ?? shape);
    return this.commit({ ...this.document, shapes: all }, label, { merge });
  }

  /** Everything that keeps the labels from being sent. */
  faults(): Fault[] {
    return validate(this.document, this.rulesNow);
  }

  draft(): Draft {
    return toDraft(this.document, this.selection);
  }

  markSaved(): void {
    this.history.markSaved();
    this.changed();
  }

  /** For `useSyncExternalStore`: called when `snapshot` is another one. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): EditorState => {
    this.state ??= {
      opened: this.opened,
      document: this.document,
      selection: this.selection,
      tool: this.hand.name,
      classKey: this.classNow,
      template: this.templateNow,
      settings: this.settingsNow,
      undoLabel: this.history.undoLabel,
      redoLabel: this.history.redoLabel,
      steps: this.history.begun,
      dirty: this.history.dirty,
      hiddenClasses: this.veiled,
      allHidden: this.veilAll,
      hasNetwork: this.networkNow !== null,
    };
    return this.state;
  };

  /** Called when a tool cannot do what was asked. */
  onComplaint(listener: (complaint: Complaint) => void): () => void {
    this.complainers.add(listener);
    return () => this.complainers.delete(listener);
  }

  // What the stage does

  /** Called when what is to be seen has changed, which is more often than the state. */
  onPaint(listener: () => void): () => void {
    this.painters.add(listener);
    return () => this.painters.delete(listener);
  }

  setScale(scale: number): void {
    this.scaleNow = scale;
  }

  pointer(phase: 'down' | 'move' | 'up', pointer: ToolPointer): void {
    this.hand[phase](pointer);
  }

  /** Keys belong to the tool first. True when it took the key. */
  key(key: ToolKey): boolean {
    if (key.code !== 'Escape' || !this.errands.waiting) return this.hand.key(key);
    this.errands.drop();
    this.hand.cancel();
    return true;
  }

  cancel(): void {
    this.hand.cancel();
  }

  /** What a button may tell the tool in hand; changes with what is painted. */
  get orders(): readonly Order[] {
    return ordersOf(this.hand);
  }

  get marking(): 'in' | 'out' | null {
    return this.hand.marking ?? null;
  }

  order(order: Order): void {
    if (order === 'cancel') this.errands.drop();
    giveOrder(this.hand, order);
  }

  get busy(): boolean {
    return this.hand.busy || this.errands.waiting;
  }

  get cursor(): string {
    return this.errands.waiting ? 'progress' : this.hand.cursor;
  }

  get overlay(): Overlay {
    return this.veilAll ? NO_OVERLAY : this.hand.overlay;
  }

  visible = (shape: Shape): boolean => !shape.hidden && !this.veilAll && !this.veiled.has(shape.classKey);

  // What a tool does

  get document(): ShapeDocument {
    return this.history.current.document;
  }

  get selection(): ReadonlySet<string> {
    return this.history.current.selection;
  }

  get chosen(): readonly Shape[] {
    return shapesById(this.document, this.selection);
  }

  get scale(): number {
    return this.scaleNow;
  }

  get network(): SegmentationAssistant | null {
    return this.networkNow;
  }

  get classKey(): string {
    return this.classNow;
  }

  get settings(): ToolSettings {
    return this.settingsNow;
  }

  get template(): SkeletonTemplate | null {
    return this.templateNow === null ? null : (this.templates.get(this.templateNow) ?? null);
  }

  pixels = (): Sight => this.sightNow();

  editable = (shape: Shape): boolean => this.visible(shape) && !shape.locked;

  make = (geometry: Geometry): Shape => makeShape(geometry, this.classNow, this.newId?.());

  commit = (document: ShapeDocument, label: string, options: CommitOptions = {}): boolean => {
    const checked = this.check(document);
    if (!checked) return false;
    const selection = new Set(options.selection ?? this.selection);
    for (const id of selection) if (!shapeById(checked, id)) selection.delete(id);
    this.go({ document: checked, selection }, label, options.merge ?? null);
    return true;
  };

  select = (ids: Iterable<string>): void => {
    const next = new Set(ids);
    if (next.size === this.selection.size && [...next].every((id) => this.selection.has(id))) return;
    this.history.select(next);
    this.history.seal();
    this.changed();
  };

  refuse = (why: Refusal, fault: Fault | null = null): void => {
    this.errands.forget();
    for (const complain of this.complainers) complain({ why, fault });
  };

  whenThere: ToolContext['whenThere'] = (...errand) => this.errands.run(...errand);

  redraw = (): void => {
    for (const paint of this.painters) paint();
  };

  /** Rounds what is new, and refuses it when its geometry is wrong. A class may be given later. */
  private check(document: ShapeDocument): ShapeDocument | null {
    const known = new Set(this.document.shapes);
    const shapes: Shape[] = [];
    for (const shape of document.shapes) {
      const next = known.has(shape) ? shape : roundShape(shape);
      shapes.push(next);
      if (next === shape && known.has(shape)) continue;
      const fault = validateShape(next, document, this.rulesNow).find(
        ({ code }) => code !== 'no_class' && code !== 'unknown_class',
      );
      if (!fault) continue;
      this.refuse(fault.code, fault);
      return null;
    }
    return document === this.document ? document : { ...document, shapes };
  }

  private go(moment: Moment, label: string, merge: string | null): void {
    this.history.commit(moment, label, merge);
    this.index.update(this.document);
    this.changed();
  }

  private travelled(): void {
    this.index.update(this.document);
    this.changed();
  }

  private changed(): void {
    this.state = null;
    for (const listener of this.listeners) listener();
    this.redraw();
  }
}
