import {
  type Binding,
  type Conflict,
  findConflicts,
  GLOBAL,
  loadPreset,
  loadRemap,
  type Remap,
  savePreset,
  saveRemap,
  sequencesOf,
} from './keymap';
import { isPreset, type KeyChoice, PRESETS, type Preset } from './presets';

/** One thing a person can do, once, for key, menu, palette and help sheet. */
export interface Action {
  /** Frozen, dotted: "workbench.skip". A person's own keys are stored under it. */
  id: string;
  /** Translated, a verb. */
  title: string;
  description?: string;
  /** Where its keys count: "global", "page", "workbench", "workbench.choice". */
  scope: string;
  /** Translated heading in the help sheet. */
  group: string;
  keys?: readonly string[];
  keywords?: string[];
  /** False keeps it out of the palette. */
  palette?: boolean;
  /** Also while the focus is in a text field. */
  inFields?: boolean;
  /** Performed again and again while its key is held down: zooming, never an answer. */
  repeats?: boolean;
  isEnabled?: () => boolean;
  perform: (source: 'key' | 'palette' | 'menu', event?: KeyboardEvent) => void;
}

const TEXT_INPUTS = new Set([
  'text',
  'search',
  'email',
  'password',
  'number',
  'url',
  'tel',
  'date',
  'datetime-local',
]);

export function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return target instanceof HTMLInputElement && TEXT_INPUTS.has(target.type);
}

/** Enter and Space belong to the button or link that has the focus. */
function belongsToTarget(event: KeyboardEvent): boolean {
  const plain = event.code === 'Enter' || event.code === 'Space' || event.code === 'NumpadEnter';
  return (
    plain &&
    event.target instanceof Element &&
    event.target.closest('a[href], button, [role="option"], summary') !== null
  );
}

function startPreset(): Preset {
  const kept = loadPreset();
  return isPreset(kept) ? kept : 'touchstone';
}

export class ActionRegistry {
  private readonly stack: Action[] = [];
  private readonly listeners = new Set<() => void>();
  private snapshot: readonly Action[] = [];
  private remap: Remap = loadRemap();
  private presetNow: Preset = startPreset();
  private readonly choiceListeners = new Set<(choice: KeyChoice) => void>();
  /** While a dialog is open, only actions of these scopes answer. */
  private modalScopes: readonly string[] | null = null;

  register(actions: readonly Action[]): () => void {
    this.stack.push(...actions);
    this.changed();
    return () => {
      for (const action of actions) {
        const at = this.stack.indexOf(action);
        if (at >= 0) this.stack.splice(at, 1);
      }
      this.changed();
    };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The actions that exist now; the same array until something changes. */
  actions = (): readonly Action[] => this.snapshot;

  keysOf(action: Pick<Action, 'id' | 'keys'>): readonly string[] {
    return this.remap[action.id] ?? this.presetKeys(action);
  }

  /** Its keys before a person changed them. */
  presetKeys(action: Pick<Action, 'id' | 'keys'>): readonly string[] {
    return PRESETS[this.presetNow][action.id] ?? action.keys ?? [];
  }

  preset = (): Preset => this.presetNow;

  /** Called when a person chooses other keys, here and now; not when theirs come from elsewhere. */
  onChoice(listener: (choice: KeyChoice) => void): () => void {
    this.choiceListeners.add(listener);
    return () => this.choiceListeners.delete(listener);
  }

  choosePreset(preset: Preset): void {
    this.adopt({ preset, remap: this.remap });
    this.tellChoice();
  }

  /** The keys that a person chose before, in this browser or in another. */
  adopt({ preset, remap }: KeyChoice): void {
    this.presetNow = preset;
    this.remap = remap;
    savePreset(preset);
    saveRemap(remap);
    this.changed();
  }

  conflicts(): Conflict[] {
    const bindings: Binding[] = this.stack.map((a) => ({
      id: a.id,
      scope: a.scope,
      sequences: this.keysOf(a),
    }));
    return findConflicts(bindings);
  }

  remapKeys(id: string, keys: readonly string[] | null): void {
    const { [id]: _old, ...rest } = this.remap;
    this.adopt({ preset: this.presetNow, remap: keys ? { ...rest, [id]: keys } : rest });
    this.tellChoice();
  }

  private tellChoice(): void {
    for (const listener of this.choiceListeners) listener({ preset: this.presetNow, remap: this.remap });
  }

  limitTo(scopes: readonly string[] | null): void {
    this.modalScopes = scopes;
  }

  /** The newest registration wins, so that a dialog's keys stand before those of the page beneath. */
  find(event: KeyboardEvent): Action | null {
    const wanted = sequencesOf(event);
    const field = isField(event.target);
    for (const sequence of wanted) {
      for (let at = this.stack.length - 1; at >= 0; at -= 1) {
        const action = this.stack[at];
        if (!action || (field && !action.inFields)) continue;
        if (this.modalScopes && action.scope !== GLOBAL && !this.modalScopes.includes(action.scope)) continue;
        if (this.keysOf(action).includes(sequence) && action.isEnabled?.() !== false) return action;
      }
    }
    return null;
  }

  handleKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || belongsToTarget(event)) return;
    const inDialog =
      event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]') !== null;
    const action = this.find(event);
    if (!action || (inDialog && action.scope !== GLOBAL && !this.modalScopes)) return;
    event.preventDefault();
    // A key that rests under a finger comes thirty times a second: it must not answer thirty pictures.
    if (event.repeat && !action.repeats) return;
    action.perform('key', event);
  };

  private changed(): void {
    this.snapshot = [...this.stack];
    for (const listener of this.listeners) listener();
  }
}

export const registry = new ActionRegistry();
