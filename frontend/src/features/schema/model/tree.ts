import type { SchemaClass, Words } from './types';

export interface TreeRow {
  readonly one: SchemaClass;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly open: boolean;
}

/** Parents before children in the order of the document; closed classes hide theirs. Linear: 10,000 classes at a key stroke. */
export function treeRows(classes: readonly SchemaClass[], closed: ReadonlySet<string>): TreeRow[] {
  const known = new Set(classes.map((one) => one.key));
  const children = new Map<string | null, SchemaClass[]>();
  for (const one of classes) {
    const parent = one.parent !== null && known.has(one.parent) ? one.parent : null;
    const list = children.get(parent);
    if (list) list.push(one);
    else children.set(parent, [one]);
  }
  const rows: TreeRow[] = [];
  const stack = [...(children.get(null) ?? [])].reverse().map((one) => ({ one, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { one, depth } = next;
    const below = children.get(one.key);
    const open = !closed.has(one.key);
    rows.push({ one, depth, hasChildren: Boolean(below), open });
    if (below && open) stack.push(...[...below].reverse().map((child) => ({ one: child, depth: depth + 1 })));
  }
  return rows;
}

/** The words of one language said anew. One that nobody fills in goes, but for that which must be there: it is told as missing. */
export function spoken(words: Words, language: string, text: string, needed: string | null = 'en'): Words {
  const { [language]: _old, ...rest } = words;
  return text === '' && language !== needed ? rest : { ...rest, [language]: text };
}

export const nameIn = (words: Partial<Record<string, string>>, language: string): string =>
  words[language] ?? words.en ?? Object.values(words)[0] ?? '';

/** Rows whose name or key has the text, without the tree. */
export function matching(classes: readonly SchemaClass[], text: string): TreeRow[] {
  const wanted = text.trim().toLowerCase();
  return classes
    .filter(
      (one) =>
        one.key.toLowerCase().includes(wanted) ||
        Object.values(one.names).some((name) => name.toLowerCase().includes(wanted)),
    )
    .map((one) => ({ one, depth: 0, hasChildren: false, open: false }));
}
