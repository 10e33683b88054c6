/**
 * Eight categorical colours near those of Okabe & Ito, moved by a search until all pairs keep an Oklab distance of at
 * least 0.08 for normal sight and for the three kinds of colour-blindness, and all stand on light and dark ground.
 */
export const CATEGORICAL = [
  '#0f69d2',
  '#e1a50f',
  '#00a587',
  '#c33c0f',
  '#9687e1',
  '#0fc3e1',
  '#a54b96',
  '#c3873c',
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
