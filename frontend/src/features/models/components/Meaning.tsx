import { Group, Select, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { useReason } from '@/shared/ui/reasons';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { useSaid } from '@/shared/ui/said';
import styles from '../models.module.css';
import { type Estimate, type Expectations, expectationsQuery, type ModelDetail } from '../queries';
import { ThresholdPicker } from './ThresholdPicker';

const COUNTS = ['wrongly_flagged', 'caught', 'missed', 'right', 'wrong'] as const;

function Count({ name, estimate }: { name: (typeof COUNTS)[number]; estimate: Estimate }) {
  const { t } = useTranslation('models');
  const why = useReason();
  const { value, low, high, reason } = estimate;
  const whole = (n: number) => formatNumber(n, n < 10 ? 2 : 3);
  return (
    <Stat
      label={t(`meaning.${name}`)}
      value={value === null ? t('meaning.unknown') : whole(value)}
      note={
        value === null
          ? reason && why(reason)
          : low !== null && high !== null && t('estimate.interval', { low: whole(low), high: whole(high) })
      }
    />
  );
}

/** What the model means on an ordinary day: the sentence, its numbers with intervals, and what they rest on. */
export function ExpectationWords({ found }: { found: Expectations }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  return (
    <>
      <p className={styles.sentence}>{tell(found.said, found.sentence)}</p>
      <Group gap="xs" mt="md" align="stretch">
        {COUNTS.map((name) => {
          const estimate = found[name];
          return estimate && <Count key={name} name={name} estimate={estimate} />;
        })}
      </Group>
      <Group gap="lg" mt="sm">
        {found.miss_rate && (
          <Text size="sm" component="div" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            {t('meaning.missRate')} <EstimateBar {...found.miss_rate} label={t('meaning.missRate')} />
          </Text>
        )}
        {found.flag_rate && (
          <Text size="sm" component="div" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            {t('meaning.flagRate')} <EstimateBar {...found.flag_rate} label={t('meaning.flagRate')} />
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt="sm">
        {[
          found.split &&
            t('meaning.measuredOn', {
              count: found.rows,
              split: t(`split.${found.split}`, { defaultValue: '' }),
            }),
          ...found.notes.flatMap((note, at) =>
            note === found.sentence ? [] : tell(found.notes_said[at], note),
          ),
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
    </>
  );
}

/** In words, and for any threshold. */
export function Meaning({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const [asked, setAsked] = useUrlState('class', '');
  const classKey = asked || model.class_of_concern || '';
  const own = useQuery({
    ...expectationsQuery(project, model.id, asked ? { class: asked } : {}),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <Section
        title={t('meaning.title')}
        actions={
          model.kind !== 'binary' && (
            <Select
              size="xs"
              aria-label={t('meaning.class')}
              placeholder={t('meaning.class')}
              data={model.classes.map((one) => ({ value: one.key, label: one.name }))}
              value={classKey || null}
              onChange={(value) => setAsked(value === model.class_of_concern ? '' : (value ?? ''))}
              searchable
              clearable={asked !== ''}
            />
          )
        }
      >
        {own.error && <ErrorState small error={own.error} onRetry={own.refetch} />}
        {!own.error && !own.data && <FigureSkeleton height={120} />}
        {own.data && <ExpectationWords found={own.data} />}
      </Section>
      <Section title={t('threshold.title')}>
        {classKey ? (
          <ThresholdPicker key={classKey} project={project} model={model} classKey={classKey} />
        ) : (
          <Text c="dimmed">{t('threshold.chooseClass')}</Text>
        )}
      </Section>
    </>
  );
}
