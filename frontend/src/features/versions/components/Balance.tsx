import { SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Bars } from '@/charts/Bars';
import { formatCount, formatNumber, formatPercent } from '@/shared/format';
import { classColour } from '@/shared/ui/classColour';
import { countColumn } from '@/shared/ui/countColumn';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import { Stat } from '@/shared/ui/Stat';
import type { Summary } from '../queries';
import { useClassWords, useSplitWords } from '../words';

const TOP = 15;

function Figures({ summary }: { summary: Summary }) {
  const { t } = useTranslation('versions');
  const split = useSplitWords();
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="xs" mb="md">
      {Object.entries(summary.splits).map(([name, count]) => (
        <Stat
          key={name}
          label={split(name)}
          value={formatCount(count)}
          note={summary.items > 0 && formatPercent(count / summary.items)}
        />
      ))}
      <Stat
        label={<InfoTip text={t('balance.effectiveHelp')}>{t('balance.effective')}</InfoTip>}
        value={
          summary.effective_classes === null
            ? t('balance.notComputed')
            : formatNumber(summary.effective_classes)
        }
        note={t('balance.ofClasses', { n: formatCount(summary.classes.length) })}
      />
      <Stat
        label={<InfoTip text={t('balance.ratioHelp')}>{t('balance.ratio')}</InfoTip>}
        value={
          summary.imbalance_ratio === null ? t('balance.notComputed') : formatNumber(summary.imbalance_ratio)
        }
      />
      <Stat
        label={<InfoTip text={t('balance.groupsHelp')}>{t('balance.groups')}</InfoTip>}
        value={formatCount(summary.groups)}
        note={t('balance.largest', { n: formatCount(summary.largest_group) })}
      />
    </SimpleGrid>
  );
}

/** The splits, and how often each class is in each. */
export function Balance({ summary }: { summary: Summary }) {
  const { t } = useTranslation('versions');
  const name = useClassWords();
  const split = useSplitWords();
  const columns: Column<Summary['classes'][number]>[] = [
    { key: 'class', header: t('balance.class'), sortBy: name, render: name },
    countColumn('count', t('column.items'), (one) => one.count),
    ...Object.keys(summary.splits).map((key) =>
      countColumn<Summary['classes'][number]>(key, split(key), (one) => one.splits[key] ?? 0),
    ),
  ];
  return (
    <Section title={t('balance.title')}>
      <Figures summary={summary} />
      {summary.classes.length > 0 && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <Bars
            title={t('balance.chart')}
            caption={
              summary.classes.length > TOP &&
              t('balance.top', { top: TOP, n: formatCount(summary.classes.length) })
            }
            rows={summary.classes.slice(0, TOP).map((one) => ({
              key: one.key,
              label: name(one),
              value: one.count,
              colour: classColour(one.key),
            }))}
          />
          <DataTable
            label={t('balance.table')}
            columns={columns}
            rows={summary.classes}
            rowKey={(one) => one.key}
            defaultSort="-count"
            maxHeight={400}
          />
        </SimpleGrid>
      )}
    </Section>
  );
}
