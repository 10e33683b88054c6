import type { SchemaClass } from './queries';

/**
 * Classes as people write them: one a line, indented beneath the class above. `cat = Cat | 고양이` gives the key and the
 * names in English and Korean; without a key it follows from the name.
 */

export function slug(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
}

interface Line {
  depth: number;
  key: string;
  names: string[];
}

function read(line: string): Line {
  const indent = /^[\t ]*/.exec(line)?.[0] ?? '';
  const depth = [...indent].reduce((width, char) => width + (char === '\t' ? 2 : 1), 0);
  const at = line.indexOf('=');
  const names = (at >= 0 ? line.slice(at + 1) : line).split('|').map((name) => name.trim());
  return { depth, key: at >= 0 ? line.slice(0, at).trim() : '', names };
}

/** Only the ends of the tree can be chosen, unless `inner` says that the classes above can be too. */
export function parseClasses(text: string, inner = false): SchemaClass[] {
  const found: SchemaClass[] = [];
  const above: { depth: number; key: string }[] = [];
  const used = new Set<string>();
  for (const raw of text.split('\n')) {
    if (raw.trim() === '') continue;
    const { depth, key: given, names } = read(raw);
    while (above.length > 0 && (above.at(-1)?.depth ?? 0) >= depth) above.pop();
    const parent = above.at(-1)?.key ?? null;
    const name = names[0] || given;
    let key = given || slug(name) || `class-${found.length + 1}`;
    // A name that occurs twice is told apart by what it stands beneath.
    if (!given && used.has(key)) key = parent ? `${parent}.${key}` : key;
    for (let n = 2; !given && used.has(key); n += 1) key = `${key.replace(/-\d+$/, '')}-${n}`;
    used.add(key);
    const ko = names[1];
    found.push({ key, names: ko ? { en: name, ko } : { en: name }, parent, selectable: true });
    above.push({ depth, key });
  }
  const parents = new Set(found.map((one) => one.parent));
  return inner ? found : found.map((one) => ({ ...one, selectable: !parents.has(one.key) }));
}

/** The same classes as text, to write the next version from. */
export function classText(classes: readonly SchemaClass[]): string {
  const children = new Map<string | null, SchemaClass[]>();
  for (const one of classes) {
    const siblings = children.get(one.parent);
    if (siblings) siblings.push(one);
    else children.set(one.parent, [one]);
  }
  const lines: string[] = [];
  const write = (parent: string | null, depth: number) => {
    for (const one of children.get(parent) ?? []) {
      const names = [one.names.en ?? one.key, one.names.ko].filter(Boolean).join(' | ');
      lines.push(`${'  '.repeat(depth)}${one.key} = ${names}`);
      if (depth < 50) write(one.key, depth + 1);
    }
  };
  write(null, 0);
  return lines.join('\n');
}
