import { NumberInput, Select, SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SkipTo } from '../queries';
import type { QueueValues } from './QueueFields';

interface Props {
  value: QueueValues;
  errors: Record<string, string>;
  counted: boolean;
  onChange: (change: Partial<QueueValues>) => void;
}

const SKIPS: readonly SkipTo[] = ['others', 'me_later', 'review'];
type Count = 'gold_misses' | 'day_limit' | 'person_limit';
type Share = 'stop_at' | 'share_limit';

/** Empty means that there is no such rule. */
const orNothing = (given: string | number) => (given === '' ? null : Number(given));

/** What a queue does on its own: stop early, send skips on, limit a person, suggest a pause. */
export function RuleFields({ value, errors, counted, onChange }: Props) {
  const { t } = useTranslation('queues');
  const count = (key: Count, most?: number) => (
    <NumberInput
      label={t(`rules.${key}`)}
      description={t(`rules.${key}Help`)}
      placeholder={t('rules.none')}
      min={1}
      {...(most ? { max: most } : {})}
      allowDecimal={false}
      disabled={key === 'gold_misses' && !counted}
      value={value[key] ?? ''}
      error={errors[key]}
      onChange={(given) => onChange({ [key]: orNothing(given) })}
    />
  );
  const share = (key: Share, min: number, max: number) => (
    <NumberInput
      label={t(`rules.${key}`)}
      description={t(key === 'stop_at' && !counted ? 'uncounted.no' : `rules.${key}Help`)}
      placeholder={t('rules.none')}
      disabled={key === 'stop_at' && !counted}
      suffix=" %"
      min={min}
      max={max}
      decimalScale={2}
      value={value[key] === null ? '' : Number((100 * value[key]).toFixed(4))}
      error={errors[key]}
      onChange={(given) =>
        onChange({ [key]: given === '' ? null : Number((Number(given) / 100).toFixed(6)) })
      }
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {share('stop_at', 50.01, 99.99)}
      <NumberInput
        label={t('rules.stop_min')}
        description={t('rules.stop_minHelp')}
        min={1}
        max={100}
        allowDecimal={false}
        value={value.stop_min}
        error={errors.stop_min}
        disabled={value.stop_at === null}
        onChange={(given) => onChange({ stop_min: Number(given) || 1 })}
      />
      <Select
        label={t('rules.skip_to')}
        description={t('rules.skip_toHelp')}
        data={SKIPS.map((one) => ({ value: one, label: t(`rules.skip.${one}`) }))}
        value={value.skip_to}
        error={errors.skip_to}
        allowDeselect={false}
        onChange={(given) => onChange({ skip_to: (given ?? 'others') as SkipTo })}
      />
      {count('gold_misses', 100)}
      {count('day_limit')}
      {count('person_limit')}
      {share('share_limit', 0.01, 100)}
    </SimpleGrid>
  );
}
