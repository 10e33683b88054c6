/**
 * Hangul taken apart, so that typing finds a name before its last syllable is finished: 고야 finds 고양이, and the initial
 * consonants ㄱㅇㅇ do too. Letters are compatibility jamo, as a keyboard produces them.
 */

const FIRST = 0xac00;
const LAST = 0xd7a3;
const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const VOWELS = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const FINALS = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ';

/** Letters that are typed as two keys. */
const PAIRS: Record<string, string> = {
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ',
  ㅘ: 'ㅗㅏ',
  ㅙ: 'ㅗㅐ',
  ㅚ: 'ㅗㅣ',
  ㅝ: 'ㅜㅓ',
  ㅞ: 'ㅜㅔ',
  ㅟ: 'ㅜㅣ',
  ㅢ: 'ㅡㅣ',
};

/** "고양이" → "ㄱㅗㅇㅑㅇㅇㅣ"; whatever is not Hangul stays. */
export function jamo(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (code < FIRST || code > LAST) {
      out += PAIRS[char] ?? char;
      continue;
    }
    const at = code - FIRST;
    const vowel = VOWELS[Math.floor(at / 28) % 21] ?? '';
    const final = FINALS[at % 28] ?? '';
    out += INITIALS[Math.floor(at / 588)] ?? '';
    out += PAIRS[vowel] ?? vowel;
    if (final !== ' ') out += PAIRS[final] ?? final;
  }
  return out;
}

/** "고양이" → "ㄱㅇㅇ"; whatever is not Hangul stays. */
export function initials(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    out += code >= FIRST && code <= LAST ? (INITIALS[Math.floor((code - FIRST) / 588)] ?? '') : char;
  }
  return out;
}

/** Whether a query is made of initial consonants only. */
export function isInitials(text: string): boolean {
  return /^[ㄱ-ㅎ\s]+$/.test(text);
}
