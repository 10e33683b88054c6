import { keysNow } from '@/actions/useKeyOf';
import { WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import { initials, isInitials, jamo } from './hangul';
import type { LabelClass } from './LabelClass';

/**
 * The classes of a schema as a tree in its order, and a search over them that answers within a key stroke for tens of
 * thousands: names are taken apart once, a query is then one walk over prepared strings.
 */

export interface ClassEntry {
  key: string;
  /** In the language of the page. */
  name: string;
  /** Names of the classes above it, outermost first. */
  path: readonly string[];
  depth: number;
  selectable: boolean;
  /** The key that chooses it, as a sequence of the keymap ("Digit1", "Shift+KeyQ"), when it has one. */
  hotkey: string | null;
  description: string;
}

interface Prepared {
  entry: ClassEntry;
  /** Folded names in all languages. */
  folded: readonly string[];
  /** Without spaces. */
  initials: readonly string[];
  path: string;
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

const PLAIN = /^[ -~]*$/;

/** Lower case, without accents, Hangul taken apart. */
export function fold(text: string): string {
  // Most names of most taxonomies, and ten times as fast.
  if (PLAIN.test(text)) return text.toLowerCase().trim();
  const latin = text.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
  return jamo(latin.normalize('NFC').toLowerCase()).trim();
}

/** 0 is best; null does not match. */
function rank(words: readonly string[], query: string): number | null {
  let best: number | null = null;
  for (const word of words) {
    const at = word.indexOf(query);
    if (at < 0) continue;
    const here =
      at > 0 && !/[\s_\-/(]/.test(word[at - 1] ?? '') ? 3 : at > 0 ? 2 : word.length === query.length ? 0 : 1;
    if (best === null || here < best) best = here;
  }
  return best;
}

export class ClassIndex {
  readonly entries: readonly ClassEntry[];
  private readonly prepared: readonly Prepared[];
  private readonly byKey: ReadonlyMap<string, ClassEntry>;

  constructor(classes: readonly LabelClass[], language: string) {
    const ordered = inTreeOrder(classes);
    const hotkeys = hotkeysOf(classes);
    const names = new Map(classes.map((c) => [c.key, c.names?.[language] ?? c.name]));
    const parents = new Map(classes.map((c) => [c.key, c.parent]));
    const folded = new Map<string | null, string>();
    /** Of all that hang under one class it is the same. */
    const foldedPath = (parent: string | null, path: readonly string[]) => {
      const known = folded.get(parent) ?? fold(path.join(' '));
      folded.set(parent, known);
      return known;
    };
    this.prepared = ordered.map((c) => {
      const path = pathOf(c.key, parents).map((key) => names.get(key) ?? key);
      const all = [...new Set([c.name, ...Object.values(c.names ?? {}).filter((n) => n !== undefined)])];
      return {
        entry: {
          key: c.key,
          name: names.get(c.key) ?? c.name,
          path,
          depth: path.length,
          selectable: c.selectable,
          hotkey: hotkeys.get(c.key) ?? null,
          description: c.description ?? '',
        },
        folded: all.map(fold),
        initials: all.map((name) => initials(name.normalize('NFC').toLowerCase()).replace(/\s/g, '')),
        path: foldedPath(c.parent, path),
      };
    });
    this.entries = this.prepared.map((p) => p.entry);
    this.byKey = new Map(this.entries.map((entry) => [entry.key, entry]));
  }

  get(key: string): ClassEntry | undefined {
    return this.byKey.get(key);
  }

  byHotkey(sequence: string): ClassEntry | undefined {
    return this.entries.find((entry) => entry.hotkey === sequence);
  }

  /**
   * Classes that can be chosen, best first: the whole name, its beginning, the beginning of a word in it, somewhere in it,
   * and last those whose path matches. Among equals the shorter name, then the order of the schema.
   */
  search(text: string): ClassEntry[] {
    const query = fold(text);
    if (!query) return this.entries.filter((entry) => entry.selectable);
    // An input method joins ㄱ and ㅅ to ㄳ where no vowel stands between them: taken apart again.
    const byInitials = isInitials(text) ? jamo(text).replace(/\s/g, '') : null;
    const groups: ClassEntry[][] = [[], [], [], [], [], []];
    for (const { entry, folded, initials: firsts, path } of this.prepared) {
      if (!entry.selectable) continue;
      let found = rank(folded, query);
      if (byInitials) {
        if (firsts.some((word) => word.startsWith(byInitials))) found = Math.min(found ?? 9, 1);
        else if (found === null && firsts.some((word) => word.includes(byInitials))) found = 4;
      }
      if (found === null && path.includes(query)) found = 5;
      if (found !== null) groups[found]?.push(entry);
    }
    for (const group of groups) group.sort((a, b) => a.name.length - b.name.length);
    return groups.flat();
  }
}

/** Parents before children, children in the order given. */
function inTreeOrder(classes: readonly LabelClass[]): LabelClass[] {
  const known = new Set(classes.map((c) => c.key));
  const children = new Map<string | null, LabelClass[]>();
  for (const c of classes) {
    const parent = c.parent !== null && known.has(c.parent) ? c.parent : null;
    const list = children.get(parent);
    if (list) list.push(c);
    else children.set(parent, [c]);
  }
  const out: LabelClass[] = [];
  const stack = [...(children.get(null) ?? [])].reverse();
  for (let next = stack.pop(); next; next = stack.pop()) {
    out.push(next);
    stack.push(...[...(children.get(next.key) ?? [])].reverse());
  }
  return out;
}

function pathOf(key: string, parents: ReadonlyMap<string, string | null>): string[] {
  const path: string[] = [];
  let at = parents.get(key) ?? null;
  while (at !== null && parents.has(at) && !path.includes(at)) {
    path.unshift(at);
    at = parents.get(at) ?? null;
  }
  return path;
}

/** "q" → "KeyQ", "shift+1" → "Shift+Digit1"; null for what is no key. */
function sequenceOf(hotkey: string | null | undefined): string | null {
  const [, shift, key = ''] = /^(shift\+)?([a-z0-9])$/i.exec(hotkey ?? '') ?? [];
  if (!key) return null;
  return `${shift ? 'Shift+' : ''}${/\d/.test(key) ? 'Digit' : 'Key'}${key.toUpperCase()}`;
}

/** Keys with a meaning of their own wherever classes are chosen, a person's own included: a class cannot have them. */
const taken = (): ReadonlySet<string> =>
  new Set((Object.keys(WORKBENCH_KEYS) as WorkbenchKey[]).flatMap((key) => [...keysNow(key)]));

/** The keys that the schema gives; when it gives none and ten are enough, digits in the order of the schema. */
function hotkeysOf(classes: readonly LabelClass[]): Map<string, string> {
  const given = new Map<string, string>();
  const reserved = taken();
  for (const c of classes) {
    const sequence = sequenceOf(c.hotkey);
    if (c.selectable && sequence && !reserved.has(sequence)) given.set(c.key, sequence);
  }
  const choices = classes.filter((c) => c.selectable);
  if (given.size > 0 || choices.length > DIGITS.length) return given;
  return new Map(choices.map((c, at) => [c.key, `Digit${DIGITS[at] ?? ''}`]));
}
