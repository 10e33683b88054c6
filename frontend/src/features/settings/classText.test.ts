import { expect, test } from 'vitest';
import { classText, parseClasses, slug } from './classText';

const TEXT = `
animal = Animal | 동물
  Cat | 고양이
  wild = Wild cat
\tDog
Plant
`;

test('indentation makes the tree, and only its ends can be chosen', () => {
  expect(parseClasses(TEXT).map((one) => [one.key, one.parent, one.selectable])).toEqual([
    ['animal', null, false],
    ['cat', 'animal', true],
    ['wild', 'animal', true],
    ['dog', 'animal', true],
    ['plant', null, true],
  ]);
  expect(parseClasses(TEXT, true)[0]?.selectable).toBe(true);
  expect(parseClasses(TEXT)[1]?.names).toEqual({ en: 'Cat', ko: '고양이' });
});

test('what is written out reads back as the same classes', () => {
  const classes = parseClasses(TEXT);
  expect(parseClasses(classText(classes))).toEqual(classes);
});

test('a name that occurs twice gets a key of its own', () => {
  expect(parseClasses('a\n  other\nb\n  other\n  other').map((one) => one.key)).toEqual([
    'a',
    'other',
    'b',
    'b.other',
    'b.other-2',
  ]);
});

test('keys have neither accents nor signs, and a Korean name gets a number', () => {
  expect(slug('Crème brûlée!')).toBe('creme-brulee');
  expect(parseClasses('고양이').map((one) => one.key)).toEqual(['class-1']);
});
