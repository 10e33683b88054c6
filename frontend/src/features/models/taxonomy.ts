import type { SchemaDocument } from './queries';

type Classes = SchemaDocument['questions'][number]['classes'];

/** How deep each class lies, 0 for the topmost. A loop of parents counts as its length and ends. */
export function depths(classes: Classes): Map<string, number> {
  const parents = new Map(classes.map((one) => [one.key, one.parent]));
  const found = new Map<string, number>();
  for (const { key } of classes) {
    let depth = 0;
    const seen = new Set([key]);
    for (let at = parents.get(key); at != null && !seen.has(at); at = parents.get(at)) {
      seen.add(at);
      depth += 1;
    }
    found.set(key, depth);
  }
  return found;
}

/** Keys of the classes that a model of this level can name; null is the class as it was labelled. */
export function classesAt(classes: Classes, level: number | null): string[] {
  const depth = depths(classes);
  return classes.filter((one) => level === null || depth.get(one.key) === level).map((one) => one.key);
}

/** Levels that the taxonomy has: one for a flat list. */
export function levelsOf(classes: Classes): number {
  return classes.length === 0 ? 0 : Math.max(...depths(classes).values()) + 1;
}
