import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import styles from '../data.module.css';
import type { FilterHere } from '../filters';
import type { Facet } from '../queries';
import { useFacetWords, useNames } from '../words';

const SHOWN = 8;
const SEARCH_FROM = 12;
/** In the narrow list a class goes by its own name; those above it are in the tip and can be searched for. */
const lastOf = (path: string) => path.split(' › ').at(-1) ?? path;

function FacetBlock({ project, facet, here }: { project: string; facet: Facet; here: FilterHere }) {
  const { t } = useTranslation('data');
  const words = useFacetWords(project);
  const names = useNames();
  const [more, setMore] = useState(false);
  const [text, setText] = useState('');
  const parameter = facet.kind === 'attribute' ? `attr.${facet.name}` : facet.name;
  const chosen = here.filter[parameter] ?? [];
  // A chosen value stays visible, so that it can be taken back; of a class with classes below it there is no count.
  const absent = chosen
    .filter((value) => !facet.values.some((one) => one.value === value))
    .map((value) => ({ value, count: null }));
  const all = [...absent, ...facet.values].map((one) => ({ ...one, word: words(facet.kind, one.value) }));
  const found = text ? all.filter((one) => one.word.toLowerCase().includes(text.toLowerCase())) : all;
  const shown = more || text ? found.slice(0, 100) : found.slice(0, SHOWN);
  if (all.length === 0) return null;
  const title = facet.kind === 'attribute' ? names(facet.name) : t(`facet.${facet.kind}`);
  return (
    <fieldset className={styles.facet}>
      <legend className={styles.facetTitle}>{title}</legend>
      {all.length > SEARCH_FROM && (
        <TextInput
          size="xs"
          mb={4}
          aria-label={t('facet.find', { facet: title })}
          placeholder={t('facet.find', { facet: title })}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {shown.map((one) => (
        <button
          key={one.value}
          type="button"
          className={styles.value}
          aria-pressed={chosen.includes(one.value)}
          title={one.word}
          onClick={() => here.toggle(parameter, one.value)}
        >
          <span className={styles.valueName}>{lastOf(one.word)}</span>
          <span className={styles.valueCount}>{one.count === null ? '' : formatCount(one.count)}</span>
        </button>
      ))}
      {!text && found.length > SHOWN && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setMore(!more)}>
          {more ? t('facet.fewer') : t('facet.more', { count: found.length - SHOWN })}
        </Button>
      )}
    </fieldset>
  );
}

/** Values of the matching items with their counts; a click filters by one. */
export function FacetList(props: { project: string; facets: readonly Facet[]; here: FilterHere }) {
  const one = new Map(props.facets.map((facet) => [facet.kind + facet.name, facet]));
  const hideSingle = (facet: Facet) =>
    ['kind', 'population'].includes(facet.kind) && facet.values.length < 2 && !props.here.filter[facet.name];
  return [...one.entries()]
    .filter(([, facet]) => !hideSingle(facet))
    .map(([key, facet]) => <FacetBlock key={key} project={props.project} facet={facet} here={props.here} />);
}
