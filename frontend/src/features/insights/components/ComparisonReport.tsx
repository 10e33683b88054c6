import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PairedHistogram } from '@/charts/PairedHistogram';
import { formatCount, formatNumber, formatP, formatPercent } from '@/shared/format';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { CannotCompute, EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import { Stat } from '@/shared/ui/Stat';
import { Light, Verdict } from '@/shared/ui/Verdict';
import styles from '../insights.module.css';
import type { AttributeComparison, Pictures, RepresentResult } from '../queries';
import { LOOK_TONE, useNames } from '../words';
import { PictureList } from './PictureList';

interface Props {
  project: string;
  result: RepresentResult;
  pictures: Pictures;
}

const FIRST = 6;
const LONG_NAME = 24;
const keyOf = (one: AttributeComparison) => `${one.name} ${one.kind}`;

/** A bar from 0 to 1 with the limit from which a difference matters. */
function Effect({ one }: { one: AttributeComparison }) {
  const { t } = useTranslation('insights');
  const { effect, effect_name: name, reason } = one.test;
  if (effect === null) return <CannotCompute reason={reason} />;
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }} className="tabular">
      <svg
        width={96}
        height={12}
        role="img"
        aria-label={t('compare.effectOf', { name, effect: formatNumber(effect, 2) })}
      >
        <rect x={0} y={4} width={96} height={4} rx={2} fill="var(--ts-line)" />
        <rect
          x={0}
          y={2}
          width={Math.max(1, 96 * Math.min(1, effect))}
          height={8}
          rx={2}
          fill={one.flagged ? 'var(--ts-bad)' : 'var(--ts-accent)'}
        />
        <line
          x1={96 * one.limit}
          x2={96 * one.limit}
          y1={0}
          y2={12}
          stroke="var(--ts-text-soft)"
          strokeDasharray="2 2"
        />
      </svg>
      <span>{formatNumber(effect, 2)}</span>
      <Text span size="xs" c="dimmed">
        {name}
      </Text>
    </span>
  );
}

function Attributes({ result }: { result: RepresentResult }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const title = (one: AttributeComparison) =>
    one.kind === 'missing' ? t('compare.missingOf', { name: names(one.name) }) : names(one.name);
  const columns: Column<AttributeComparison>[] = [
    { key: 'name', header: t('column.attribute'), render: (one) => <strong>{title(one)}</strong> },
    {
      key: 'effect',
      header: <InfoTip text={t('compare.effectHelp')}>{t('compare.effect')}</InfoTip>,
      render: (one) => <Effect one={one} />,
    },
    {
      key: 'q',
      header: <InfoTip text={t('compare.qHelp', { count: result.n_tests })}>q</InfoTip>,
      align: 'right',
      render: (one) =>
        one.q_value === null ? '' : formatP(one.q_value).replace('p = ', '').replace('p ', ''),
    },
    {
      key: 'psi',
      header: <InfoTip text={t('compare.psiHelp')}>PSI</InfoTip>,
      align: 'right',
      render: (one) => (one.psi === null ? '' : formatNumber(one.psi, 2)),
    },
    {
      key: 'verdict',
      header: t('column.judgement'),
      render: (one) =>
        one.q_value === null ? (
          <Light tone="unknown" />
        ) : (
          <Light tone={one.flagged ? 'bad' : 'good'}>
            {t(one.flagged ? 'compare.differs' : 'compare.alike')}
          </Light>
        ),
    },
  ];
  return (
    <DataTable
      label={t('compare.attributes')}
      columns={columns}
      rows={result.attributes}
      rowKey={keyOf}
      maxHeight={480}
    />
  );
}

function Histograms({ result }: { result: RepresentResult }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const [all, setAll] = useState(false);
  const drawn = result.attributes.filter((one) => one.histogram !== null);
  const shown = all ? drawn : drawn.slice(0, FIRST);
  // Windows of production are named by their times, which is too long for a legend.
  const short = (name: string, side: string) => (name.length > LONG_NAME ? side : name);
  const sides = [
    short(result.reference_name, t('side.reference')),
    short(result.current_name, t('side.current')),
  ] as const;
  return (
    <>
      <div className={styles.cards} style={{ marginTop: 16 }}>
        {shown.map((one) => {
          const { histogram } = one;
          if (!histogram) return null;
          const numeric = histogram.edges.length > 0;
          return (
            <div key={keyOf(one)} className={styles.card}>
              <PairedHistogram
                title={names(one.name)}
                {...(numeric ? { edges: histogram.edges } : { categories: histogram.labels })}
                reference={histogram.reference}
                current={histogram.current}
                names={sides}
                height={130}
                caption={
                  histogram.missing_reference + histogram.missing_current > 0 &&
                  t('compare.missing', {
                    reference: formatCount(histogram.missing_reference),
                    current: formatCount(histogram.missing_current),
                  })
                }
              />
            </div>
          );
        })}
      </div>
      {drawn.length > FIRST && (
        <Button size="compact-sm" variant="subtle" color="gray" mt="xs" onClick={() => setAll(!all)}>
          {all ? t('compare.fewer') : t('compare.all', { count: drawn.length })}
        </Button>
      )}
    </>
  );
}

/** The sentence, then the evidence: attributes, the classifier, the pictures that differ most, what to collect. */
export function ComparisonReport({ project, result, pictures }: Props) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const flagged = [...new Set(result.attributes.filter((one) => one.flagged).map((one) => one.name))];
  const tested = new Set(result.attributes.filter((one) => one.q_value !== null).map((one) => one.name)).size;
  const auc = result.auc?.value ?? null;
  const sides = { reference: result.reference_name, current: result.current_name };
  const sentence = [
    t(`compare.look.${result.look}`, { ...sides, defaultValue: result.verdict }),
    tested > 0 &&
      (flagged.length > 0
        ? t('compare.flagged', {
            count: flagged.length,
            total: formatCount(tested),
            names: flagged.slice(0, 3).map(names).join(', '),
          })
        : t('compare.noneFlagged', { count: tested })),
    auc !== null &&
      t(result.classifier_flagged ? 'compare.canTell' : 'compare.cannotTell', { auc: formatNumber(auc, 2) }),
  ]
    .filter(Boolean)
    .join(' ');
  return (
    <>
      <Verdict tone={LOOK_TONE[result.look] ?? 'unknown'}>{sentence}</Verdict>
      <div className={styles.stats}>
        <Stat
          label={result.reference_name}
          value={formatCount(result.n_reference_items)}
          note={t('compare.rows', { count: result.n_reference })}
        />
        <Stat
          label={result.current_name}
          value={formatCount(result.n_current_items)}
          note={t('compare.rows', { count: result.n_current })}
        />
        <Stat label={t('compare.tests')} value={formatCount(result.n_tests)} note={t('compare.testsNote')} />
        <Stat
          label={<InfoTip text={t('compare.aucHelp')}>{t('compare.auc')}</InfoTip>}
          value={auc === null ? <CannotCompute reason={result.classifier_reason} /> : formatNumber(auc, 3)}
          note={
            result.auc && (
              <EstimateBar
                {...result.auc}
                unit="number"
                domain={[0.4, 1]}
                target={0.6}
                label={t('compare.auc')}
              />
            )
          }
        />
      </div>
      <Section title={t('compare.attributes')}>
        {result.attributes.length === 0 ? (
          <Text c="dimmed">{t('compare.noAttributes')}</Text>
        ) : (
          <>
            <Attributes result={result} />
            <Histograms result={result} />
          </>
        )}
      </Section>
      {result.most_different.length > 0 && (
        <Section title={t('compare.different')}>
          <Text size="sm" c="dimmed" mb="xs">
            {t('compare.differentText', sides)}
          </Text>
          <PictureList
            project={project}
            label={t('compare.different')}
            pictures={pictures}
            items={result.most_different.map((one) => ({
              sha256: one.sha256,
              caption: formatPercent(one.probability),
            }))}
            size={88}
          />
        </Section>
      )}
      <Section title={t('collect.title')}>
        {result.collect.length === 0 ? (
          <Text c="dimmed">{t(result.look === 'different' ? 'collect.pictures' : 'collect.nothing')}</Text>
        ) : (
          <DataTable
            label={t('collect.title')}
            rows={result.collect}
            rowKey={(one) => `${one.name} ${one.value}`}
            columns={[
              {
                key: 'what',
                header: t('collect.what'),
                render: (one) => t('collect.value', { name: names(one.name), value: one.value }),
              },
              {
                key: 'reference',
                header: result.reference_name,
                align: 'right',
                render: (one) => formatPercent(one.reference_share),
              },
              {
                key: 'current',
                header: result.current_name,
                align: 'right',
                render: (one) => formatPercent(one.current_share),
              },
            ]}
          />
        )}
      </Section>
    </>
  );
}
