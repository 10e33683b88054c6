import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, 'locales');
const files = readdirSync(join(root, 'en'));

type Words = { [key: string]: string | Words };

function read(language: string, file: string): Words {
  return JSON.parse(readFileSync(join(root, language, file), 'utf8'));
}

function flat(words: Words, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') out.set(prefix + key, value);
    else for (const [k, v] of flat(value, `${prefix}${key}.`)) out.set(k, v);
  }
  return out;
}

/** `item_one` and `item_other` are one key; Korean has only the latter. */
const singular = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, '');
const holes = (text: string) => [...new Set(text.match(/\{\{\s*\w+/g) ?? [])].sort().join();

test('both languages have the same files', () => {
  expect(readdirSync(join(root, 'ko')).sort()).toEqual(files.sort());
});

test.each(files)('%s: the same keys and placeholders in both languages', (file) => {
  const en = flat(read('en', file));
  const ko = flat(read('ko', file));
  expect([...new Set([...ko.keys()].map(singular))].sort()).toEqual(
    [...new Set([...en.keys()].map(singular))].sort(),
  );
  for (const [key, text] of ko) {
    expect(text.trim(), key).not.toBe('');
    const original = en.get(key);
    if (original && !/_(one|other)$/.test(key)) expect(holes(text), key).toBe(holes(original));
  }
});

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

test('every literal key that a component asks for exists', () => {
  const missing: string[] = [];
  const common = new Set([...flat(read('en', 'common.json')).keys()].map(singular));
  for (const path of sources(import.meta.dirname)) {
    const text = readFileSync(path, 'utf8');
    const used = [...text.matchAll(/useTranslation\(\s*(?:\[?'([\w-]+)')?/g)].map((m) => m[1] ?? 'common');
    if (used.length === 0) continue;
    const known = new Set(common);
    for (const ns of used) {
      for (const key of flat(read('en', `${ns}.json`)).keys()) known.add(singular(key));
    }
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
      if (key && !known.has(key)) missing.push(`${path.slice(import.meta.dirname.length + 1)}: ${key}`);
    }
  }
  expect(missing).toEqual([]);
});
