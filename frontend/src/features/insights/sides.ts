import type { Selection } from './queries';

/** A side of a comparison as one word in the address: "version:emoji@v1:train", "sources:A|B", "population:production". */

export type SideKind = 'version' | 'sources' | 'population';

export interface Side {
  kind: SideKind;
  values: readonly string[];
  split: string;
}

export const KINDS: readonly SideKind[] = ['version', 'sources', 'population'];
export const SPLITS = ['train', 'validation', 'test'] as const;

const encode = (value: string) => encodeURIComponent(value);

export function readSide(text: string): Side | null {
  const [kind, values = '', split = ''] = text.split(':');
  if (!KINDS.includes(kind as SideKind)) return null;
  const found = values.split('|').filter(Boolean).map(decodeURIComponent);
  return { kind: kind as SideKind, values: found, split };
}

export function writeSide({ kind, values, split }: Side): string {
  const text = `${kind}:${values.map(encode).join('|')}`;
  return kind === 'version' && split ? `${text}:${split}` : text;
}

export const isChosen = (side: Side | null): side is Side => side !== null && side.values.length > 0;

export function toSelection({ kind, values, split }: Side): Selection {
  if (kind === 'version') return { version: values[0] ?? '', split };
  return kind === 'sources' ? { sources: [...values] } : { population: values[0] ?? '' };
}

interface Known {
  versions: readonly string[];
  populations: readonly string[];
  sources: readonly string[];
}

/** What one most likely wants to compare: the newest version with production; else the first two of whatever there is. */
export function likelySides({ versions, populations, sources }: Known): {
  reference: Side | null;
  current: Side | null;
} {
  const of = (kind: SideKind, value: string | undefined): Side | null =>
    value === undefined ? null : { kind, values: [value], split: '' };
  const production = populations.find((one) => one.toLowerCase() === 'production');
  const reference =
    of('version', versions[0]) ??
    of(
      'population',
      populations.find((one) => one !== production),
    ) ??
    of('sources', sources[0]);
  const other = sources.find((one) => reference?.kind !== 'sources' || !reference.values.includes(one));
  return { reference, current: of('population', production) ?? of('sources', other) };
}
