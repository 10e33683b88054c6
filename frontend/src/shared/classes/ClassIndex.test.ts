import { expect, test } from 'vitest';
import { ClassIndex, fold } from './ClassIndex';
import { initials, jamo } from './hangul';
import type { LabelClass } from './LabelClass';

function cls(
  key: string,
  ko?: string,
  parent: string | null = null,
  more: Partial<LabelClass> = {},
): LabelClass {
  return {
    key,
    name: key,
    names: ko ? { en: key, ko } : {},
    parent,
    selectable: true,
    hotkey: null,
    ...more,
  };
}

const animals = [
  cls('animal', '동물', null, { selectable: false }),
  cls('cat', '고양이', 'animal'),
  cls('wild cat', '살쾡이', 'animal'),
  cls('catfish', '메기', 'animal'),
  cls('bobcat', '보브캣', 'animal'),
  cls('dog', '개', 'animal'),
  cls('wolf', '늑대', 'animal'),
  cls('crème brûlée', '크렘 브륄레'),
];

const found = (query: string, language = 'en') =>
  new ClassIndex(animals, language).search(query).map((e) => e.key);

test('the whole name first, then its beginning, then a word in it, then anywhere', () => {
  expect(found('cat')).toEqual(['cat', 'catfish', 'wild cat', 'bobcat']);
});

test('a class that cannot be chosen is not offered, but its name in the path is searched', () => {
  expect(found('animal')).toEqual(['cat', 'dog', 'wolf', 'bobcat', 'catfish', 'wild cat']);
});

test('accents and case do not matter', () => {
  expect(found('Creme BRU')).toEqual(['crème brûlée']);
});

test('Hangul is found while its last syllable is being typed', () => {
  for (const typed of ['고', '고ㅇ', '고야', '고양', '고양ㅇ', '고양이'])
    expect(found(typed, 'ko')[0]).toBe('cat');
  // On the way to 늑대 a keyboard shows 늑 and 늑ㄷ.
  expect(found('늑ㄷ', 'ko')).toEqual(['wolf']);
});

test('initial consonants find a name', () => {
  expect(found('ㄱㅇㅇ', 'ko')).toEqual(['cat']);
  expect(found('ㄴㄷ', 'ko')).toEqual(['wolf']);
  expect(found('ㅋㄹㅂㄹㄹ', 'ko')).toEqual(['crème brûlée']);
});

test('initial consonants are found as an input method joins them', () => {
  const faces = [cls('thanks', '감사'), cls('trial', '검사'.normalize('NFD')), cls('chick', '병아리')];
  const typed = (query: string) => new ClassIndex(faces, 'ko').search(query).map((e) => e.key);
  // Typing ㄱ, ㅅ shows ㄳ; ㄹ, ㅂ shows ㄼ.
  expect(typed('ㄳ')).toEqual(typed('ㄱㅅ'));
  expect(typed('ㄳ')).toEqual(['thanks', 'trial']);
  expect(found('ㅋㄼㄹㄹ', 'ko')).toEqual(['crème brûlée']);
});

test('the names of every language are searched, the one of the page is shown', () => {
  const index = new ClassIndex(animals, 'ko');
  expect(index.search('wolf')[0]).toMatchObject({ key: 'wolf', name: '늑대', path: ['동물'] });
});

test('compound letters are taken apart as they are typed', () => {
  expect(jamo('닭과')).toBe('ㄷㅏㄹㄱㄱㅗㅏ');
  expect(initials('닭과 A')).toBe('ㄷㄱ A');
  expect(fold('  É ')).toBe('e');
});

test('digits come from the schema, or from its order when ten are enough', () => {
  expect(new ClassIndex(animals, 'en').byHotkey('Digit1')?.key).toBe('cat');
  const own = [cls('a', undefined, null, { hotkey: '7' }), cls('b')];
  const index = new ClassIndex(own, 'en');
  expect([index.byHotkey('Digit7')?.key, index.byHotkey('Digit1')]).toEqual(['a', undefined]);
  const many = new ClassIndex(
    Array.from({ length: 11 }, (_, at) => cls(`c${at}`)),
    'en',
  );
  expect(many.byHotkey('Digit1')).toBeUndefined();
});

test('letters are keys too, but not those that mean something else in the workbench', () => {
  const own = [
    cls('quail', undefined, null, { hotkey: 'q' }),
    cls('owl', undefined, null, { hotkey: 'shift+1' }),
    cls('newt', undefined, null, { hotkey: 'n' }),
  ];
  const index = new ClassIndex(own, 'en');
  expect(index.entries.map((e) => e.hotkey)).toEqual(['KeyQ', 'Shift+Digit1', null]);
});

test('a tree is listed parents first, and a loop of parents does not hang', () => {
  const index = new ClassIndex([cls('b', undefined, 'a'), cls('a'), cls('c', undefined, 'b')], 'en');
  expect(index.entries.map((e) => [e.key, e.depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ]);
  expect(new ClassIndex([cls('x', undefined, 'y'), cls('y', undefined, 'x')], 'en').entries).toEqual([]);
});

test('among ten thousand classes the right one is first', () => {
  const many = Array.from({ length: 10_000 }, (_, at) =>
    cls(`class ${at} of the taxonomy`, `분류 ${at} 항목`),
  );
  const index = new ClassIndex([...many, cls('needle', '바늘')], 'ko');
  expect(index.search('바느')[0]?.key).toBe('needle');
  expect(index.search('class 77 of')[0]?.key).toBe('class 77 of the taxonomy');
});
