import { MultiSelect, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { asFilter, facetsQuery, type Selection } from '../queries';

interface Props {
  project: string;
  value: Selection;
  onChange: (value: Selection) => void;
  /** All that are found, never a sample. */
  whole?: boolean;
}

/** Which items: as the explorer filters, with how many that are. */
export function SelectionFields({ project, value, onChange, whole = false }: Props) {
  const { t } = useTranslation('queues');
  const all = useQuery(facetsQuery(project, {}));
  const [settled] = useDebouncedValue(value, 300);
  const counted = useQuery({ ...facetsQuery(project, asFilter(settled)), placeholderData: keepPreviousData });
  const set = (change: Partial<Selection>) => onChange({ ...value, ...change });
  const options = (name: string) =>
    (all.data?.facets.find((facet) => facet.kind === name)?.values ?? []).map((one) => ({
      value: one.value,
      label: `${one.value} (${formatCount(one.count)})`,
    }));
  const total = counted.data?.total;
  const drawn = total === undefined ? undefined : Math.min(total, value.sample ?? total);
  return (
    <Stack gap="xs">
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="xs">
        <MultiSelect
          size="xs"
          label={t('select.sources')}
          placeholder={value.sources?.length ? '' : t('select.any')}
          data={options('source')}
          value={value.sources ?? []}
          onChange={(sources) => set({ sources })}
          searchable
        />
        <MultiSelect
          size="xs"
          label={t('select.populations')}
          placeholder={value.populations?.length ? '' : t('select.any')}
          data={options('population')}
          value={value.populations ?? []}
          onChange={(populations) => set({ populations })}
        />
        <MultiSelect
          size="xs"
          label={t('select.withoutIssues')}
          description={t('select.withoutIssuesHelp')}
          data={options('issue')}
          value={value.without_issues ?? []}
          onChange={(without_issues) => set({ without_issues })}
        />
        <Select
          size="xs"
          label={t('select.labelled')}
          description={t('select.labelledHelp')}
          data={[
            { value: 'no', label: t('select.labelledNo') },
            { value: 'yes', label: t('select.labelledYes') },
          ]}
          placeholder={t('select.any')}
          value={value.labelled == null ? null : value.labelled ? 'yes' : 'no'}
          onChange={(answer) => set({ labelled: answer === null ? null : answer === 'yes' })}
          clearable
        />
        <TextInput
          size="xs"
          label={t('select.name')}
          value={value.name_contains ?? ''}
          onChange={(event) => set({ name_contains: event.currentTarget.value })}
        />
        {!whole && (
          <NumberInput
            size="xs"
            label={t('select.sample')}
            placeholder={t('select.sampleAll')}
            min={1}
            allowDecimal={false}
            value={value.sample ?? ''}
            onChange={(sample) => {
              const { sample: _old, ...rest } = value;
              onChange(sample === '' ? rest : { ...rest, sample: Number(sample) });
            }}
          />
        )}
      </SimpleGrid>
      <Text size="sm" aria-live="polite">
        {total === undefined
          ? t('select.counting')
          : drawn === total
            ? t('select.found', { count: total, n: formatCount(total) })
            : t('select.drawn', { n: formatCount(drawn ?? 0), total: formatCount(total) })}
      </Text>
    </Stack>
  );
}

/** What is sent: without what was left empty. */
export function said(selection: Selection): Selection {
  return Object.fromEntries(
    Object.entries(selection).filter(
      ([, value]) => value != null && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
