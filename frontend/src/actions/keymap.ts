/**
 * Keys by their place on the keyboard (`event.code`), so that they work in Hangul, Cyrillic or AZERTY alike.
 * A sequence is modifiers and a code: "KeyX", "Shift+Enter", "Mod+KeyK" (Ctrl, or Cmd on a Mac), "Digit1".
 * "key:/" asks for the character instead, for signs that sit elsewhere on other layouts.
 */

export interface KeyLike {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
}

export interface Binding {
  id: string;
  scope: string;
  sequences: readonly string[];
}

/** Chords that a browser or an operating system owns: they cannot be bound. */
const OWNED = new Set([
  'Mod+KeyW',
  'Mod+KeyT',
  'Mod+KeyN',
  'Mod+KeyQ',
  'Alt+Tab',
  'Alt+F4',
  'Mod+Tab',
  'F11',
]);

export const GLOBAL = 'global';

/** "global" overlaps everything; "workbench" overlaps "workbench.choice". */
export function scopesOverlap(a: string, b: string): boolean {
  return a === GLOBAL || b === GLOBAL || a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

export interface Conflict {
  sequence: string;
  /** Ids of the two bindings; the second is absent when the chord belongs to the browser. */
  ids: readonly string[];
}

export function findConflicts(bindings: readonly Binding[]): Conflict[] {
  const conflicts: Conflict[] = [];
  bindings.forEach((binding, index) => {
    for (const sequence of binding.sequences) {
      if (OWNED.has(sequence)) conflicts.push({ sequence, ids: [binding.id] });
      for (const other of bindings.slice(index + 1)) {
        if (
          other.id !== binding.id &&
          other.sequences.includes(sequence) &&
          scopesOverlap(binding.scope, other.scope)
        ) {
          conflicts.push({ sequence, ids: [binding.id, other.id] });
        }
      }
    }
  });
  return conflicts;
}

/** What the event says, in the order in which it is looked up. Empty while an input method composes. */
export function sequencesOf(event: KeyLike): string[] {
  if (event.isComposing) return [];
  const mod = event.ctrlKey || event.metaKey;
  const prefix = `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}`;
  const code = event.code.replace(/^Numpad(?=\d$)/, 'Digit').replace('NumpadEnter', 'Enter');
  const place = `${prefix}${event.shiftKey ? 'Shift+' : ''}${code}`;
  if (event.key.length !== 1) return [place];
  // Shift is part of how a sign is typed, so it does not count for a character.
  const sign = `${prefix}key:${event.key.toLowerCase()}`;
  // What is printed on the key says more than its place for signs, less for letters and digits.
  return /[\p{L}\p{N}]/u.test(event.key) ? [place, sign] : [sign, place];
}

const STORE = 'touchstone.keys';

/** A person's own keys: action id → sequences. */
export type Remap = Record<string, readonly string[]>;

export function loadRemap(): Remap {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '{}') as Remap;
  } catch {
    return {};
  }
}

export function saveRemap(remap: Remap): void {
  localStorage.setItem(STORE, JSON.stringify(remap));
}

const PRESET_STORE = 'touchstone.keys.preset';

export const loadPreset = (): string | null => localStorage.getItem(PRESET_STORE);

export function savePreset(preset: string): void {
  localStorage.setItem(PRESET_STORE, preset);
}

const NAMES: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Slash: '/',
  Backquote: '`',
  Minus: '-',
  Equal: '+',
  BracketLeft: '[',
  BracketRight: ']',
  Period: '.',
  Mod: /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '') ? '⌘' : 'Ctrl',
};

/** "Mod+KeyK" → ["Ctrl", "K"], for key caps. */
export function capsOf(sequence: string): string[] {
  if (sequence.startsWith('key:')) return [sequence.slice(4)];
  return sequence
    .split('+')
    .map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)/, '').replace('key:', ''));
}
