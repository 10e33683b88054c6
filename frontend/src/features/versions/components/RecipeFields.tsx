import { Fieldset, MultiSelect, NumberInput, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber } from '@/shared/format';
import { sourcesQuery } from '../queries';
import { percentSum, type RecipeValues, SPLITS } from '../recipe';

interface Props {
  project: string;
  choices: readonly { value: string; label: string }[];
  values: RecipeValues;
  errors: Record<string, string>;
  onChange: (change: Partial<RecipeValues>) => void;
}

const asNumber = (value: string | number): number | null =>
  value === '' || Number.isNaN(Number(value)) ? null : Number(value);

function Items({ project, values, errors, onChange }: Omit<Props, 'choices'>) {
  const { t } = useTranslation('versions');
  const { data } = useQuery(sourcesQuery(project));
  const sources = data?.results ?? [];
  const populations = new Set([
    ...values.populations,
    ...sources.flatMap((one) => (one.population ? [one.population] : [])),
  ]);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="xs">
      <MultiSelect
        label={t('form.sources')}
        placeholder={values.sources.length ? '' : t('form.all')}
        data={sources.map((one) => ({
          value: one.name,
          label: `${one.name} (${formatCount(one.n_items)})`,
        }))}
        value={values.sources}
        error={errors.sources}
        onChange={(picked) => onChange({ sources: picked })}
        searchable
      />
      <MultiSelect
        label={t('form.populations')}
        placeholder={values.populations.length ? '' : t('form.all')}
        data={[...populations]}
        value={values.populations}
        error={errors.populations}
        onChange={(picked) => onChange({ populations: picked })}
      />
    </SimpleGrid>
  );
}

function Splits({ values, errors, onChange }: Pick<Props, 'values' | 'errors' | 'onChange'>) {
  const { t } = useTranslation('versions');
  const sum = percentSum(values.percents);
  return (
    <Fieldset legend={t('form.splits')} p="sm">
      <SimpleGrid cols={3} spacing="xs">
        {SPLITS.map((split) => (
          <NumberInput
            key={split}
            label={t(`split.${split}`)}
            suffix=" %"
            min={0}
            max={100}
            decimalScale={2}
            value={values.percents[split]}
            onChange={(typed) =>
              onChange({ percents: { ...values.percents, [split]: asNumber(typed) ?? 0 } })
            }
          />
        ))}
      </SimpleGrid>
      <Text size="xs" c={sum === 100 && !errors.fractions ? 'dimmed' : 'var(--ts-bad)'} mt={4}>
        {errors.fractions ??
          (sum === 100 ? t('form.splitsHelp') : t('form.splitsSum', { sum: formatNumber(sum, 5) }))}
      </Text>
    </Fieldset>
  );
}

/** What a version shall hold. */
export function RecipeFields({ project, choices, values, errors, onChange }: Props) {
  const { t } = useTranslation('versions');
  return (
    <>
      <TextInput
        label={t('form.name')}
        description={t('form.nameHelp')}
        value={values.name}
        error={errors.name}
        maxLength={80}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <Select
        label={t('form.question')}
        description={t('form.questionHelp')}
        data={choices}
        value={values.choice}
        error={errors.question ?? errors.schema}
        allowDeselect={false}
        onChange={(picked) => onChange({ choice: picked ?? values.choice })}
      />
      <Items project={project} values={values} errors={errors} onChange={onChange} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="xs">
        <NumberInput
          label={t('form.posterior')}
          description={t('form.posteriorHelp')}
          placeholder={t('form.posteriorNone')}
          min={0}
          max={1}
          step={0.05}
          decimalScale={3}
          value={values.minPosterior ?? ''}
          error={errors.min_posterior}
          onChange={(typed) => onChange({ minPosterior: asNumber(typed) })}
        />
        <NumberInput
          label={t('form.bits')}
          description={t('form.bitsHelp')}
          placeholder={t('form.bitsNone')}
          min={0}
          max={9}
          allowDecimal={false}
          value={values.bits ?? ''}
          error={errors.near_duplicate_bits}
          onChange={(typed) => onChange({ bits: asNumber(typed) })}
        />
      </SimpleGrid>
      <Splits values={values} errors={errors} onChange={onChange} />
    </>
  );
}
