import { MultiSelect, SegmentedControl, Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KINDS, type Side, type SideKind, SPLITS } from '../sides';

interface Props {
  label: string;
  side: Side | null;
  onChange: (side: Side) => void;
  versions: readonly string[];
  sources: readonly string[];
  populations: readonly string[];
}

/** One side of a comparison: a version or a split of it, sources, or all sources of a population. */
export function SidePicker({ label, side, onChange, ...known }: Props) {
  const { t } = useTranslation('insights');
  const kind = side?.kind ?? 'version';
  const first = side?.values[0] ?? null;
  const choose = (values: readonly string[], split = side?.split ?? '') => onChange({ kind, values, split });
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
      <legend style={{ fontWeight: 600, padding: 0, marginBottom: 4 }}>{label}</legend>
      <Stack gap="xs">
        <SegmentedControl
          size="xs"
          aria-label={t('side.kind', { side: label })}
          value={kind}
          onChange={(value) => onChange({ kind: value as SideKind, values: [], split: '' })}
          data={KINDS.map((value) => ({ value, label: t(`side.${value}`) }))}
        />
        {kind === 'version' && (
          <>
            <Select
              aria-label={t('side.version')}
              placeholder={t('side.pickVersion')}
              data={[...known.versions]}
              value={first}
              onChange={(value) => choose(value ? [value] : [])}
              searchable
            />
            <SegmentedControl
              size="xs"
              aria-label={t('side.split')}
              value={side?.split ?? ''}
              onChange={(value) => choose(side?.values ?? [], value)}
              data={[
                { value: '', label: t('split.all') },
                ...SPLITS.map((value) => ({ value, label: t(`split.${value}`) })),
              ]}
            />
          </>
        )}
        {kind === 'sources' && (
          <MultiSelect
            aria-label={t('side.sources')}
            placeholder={first ? '' : t('side.pickSources')}
            data={[...known.sources]}
            value={[...(side?.values ?? [])]}
            onChange={(values) => choose(values)}
            searchable
          />
        )}
        {kind === 'population' && (
          <Select
            aria-label={t('side.population')}
            placeholder={t('side.pickPopulation')}
            data={[...known.populations]}
            value={first}
            onChange={(value) => choose(value ? [value] : [])}
          />
        )}
      </Stack>
    </fieldset>
  );
}
