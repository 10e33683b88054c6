/**
 * Eight categorical colours that people with colour-blindness can tell apart (after Okabe & Ito, with the yellow
 * darkened and the black replaced so that all stand on light and dark ground).
 */
export const CATEGORICAL = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#a89a1c',
  '#7d6bb0',
] as const;

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/**
 * The colour of a class, the same everywhere. With `order` (the keys of the label schema, in its order) the first eight
 * classes differ for certain; without it the key alone decides.
 */
export function classColour(key: string, order?: readonly string[]): string {
  const at = order ? order.indexOf(key) : -1;
  return CATEGORICAL[(at >= 0 ? at : hash(key)) % CATEGORICAL.length] ?? CATEGORICAL[0];
}
