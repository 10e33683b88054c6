import { expect, test } from 'vitest';
import { askedNow } from './conditions';

const parents: Record<string, string[]> = { cat: ['pet'], dog: ['pet'] };
const above = (key: string) => parents[key] ?? [];
const one = (key: string, when?: { question: string; has: string[] }) => ({
  question: { key, when: when ?? null },
  above,
});
const chain = [
  one('animal'),
  one('coat', { question: 'animal', has: ['pet'] }),
  one('shine', { question: 'coat', has: ['black'] }),
];

test.each([
  [{}, ['animal']],
  [{ animal: ['cow'] }, ['animal']],
  [{ animal: ['cat'] }, ['animal', 'coat']],
  [{ animal: ['dog'], coat: ['black'] }, ['animal', 'coat', 'shine']],
  // What was said to a question that is not asked any more does not count.
  [{ animal: ['cow'], coat: ['black'] }, ['animal']],
] as [Record<string, string[]>, string[]][])('%o asks %o', (answers, asked) => {
  expect(askedNow(chain, (key) => answers[key] ?? [])).toEqual(asked);
});

test('a condition on a question that is not asked together does not count', () => {
  expect(askedNow(chain.slice(1), () => [])).toEqual(['coat']);
});
