import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber, formatP, formatPercent } from '@/shared/format';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { CannotCompute, EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { useReason } from '@/shared/ui/reasons';
import { Section } from '@/shared/ui/Section';
import { Stat } from '@/shared/ui/Stat';
import { Light, Verdict } from '@/shared/ui/Verdict';
import styles from '../insights.module.css';
import type { SamplingBiasResult } from '../queries';
import { inLanguage, REPRESENTATION_TONE, useNames } from '../words';

type Attribute = SamplingBiasResult['attributes'][number];
type CellBias = Attribute['bias']['cells'][number];

function AttributeBias({ one }: { one: Attribute }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const { bias, post_stratification: strata } = one;
  const weights = new Map(strata.cells.map((cell) => [cell.name, cell.weight]));
  const columns: Column<CellBias>[] = [
    { key: 'cell', header: names(one.attribute), render: (cell) => <strong>{cell.name}</strong> },
    {
      key: 'sample',
      header: t('bias.sample'),
      render: (cell) => (
        <EstimateBar {...cell.sample_share} target={cell.population_share} label={cell.name} />
      ),
    },
    {
      key: 'population',
      header: t('bias.population'),
      align: 'right',
      render: (cell) => formatPercent(cell.population_share),
    },
    {
      key: 'judgement',
      header: t('column.judgement'),
      render: (cell) => (
        <Light tone={REPRESENTATION_TONE[cell.representation] ?? 'unknown'}>
          {t(`bias.${cell.representation}`)}
          {cell.ratio.value !== null &&
            cell.representation !== 'fine' &&
            ` × ${formatNumber(cell.ratio.value, 2)}`}
        </Light>
      ),
    },
    {
      key: 'weight',
      header: <InfoTip text={t('bias.weightHelp')}>{t('bias.weight')}</InfoTip>,
      align: 'right',
      render: (cell) => {
        const weight = weights.get(cell.name);
        return weight == null ? t('bias.noWeight') : formatNumber(weight, 3);
      },
    },
  ];
  const why = useReason();
  const sentence = bias.reason
    ? t('bias.notTested', { reason: why(bias.reason) })
    : t(bias.biased ? 'bias.biased' : 'bias.unbiased', {
        name: names(one.attribute),
        distance: formatPercent(bias.distance ?? 0),
        chance: formatPercent(bias.distance_by_chance ?? 0),
        p: formatP(bias.p_value ?? 1),
      });
  return (
    <Section title={names(one.attribute)}>
      <Verdict tone={bias.reason ? 'unknown' : bias.biased ? 'bad' : 'good'}>{sentence}</Verdict>
      {bias.cells.length > 0 && (
        <DataTable
          label={names(one.attribute)}
          columns={columns}
          rows={bias.cells}
          rowKey={(cell) => cell.name}
          maxHeight={480}
        />
      )}
      <Text size="xs" c="dimmed" mt="xs">
        {[
          t('bias.n', { count: bias.n }),
          bias.n_outside > 0 && t('bias.outside', { count: bias.n_outside }),
          strata.uncovered_share > 0 && t('bias.uncovered', { share: formatPercent(strata.uncovered_share) }),
          strata.size.effective !== null &&
            t('bias.effective', { effective: formatCount(Math.round(strata.size.effective)) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </Section>
  );
}

/** Does the sample hold the declared shares, what do weights repair, and what do they cost? */
export function BiasReport({ result }: { result: SamplingBiasResult }) {
  const { t, i18n } = useTranslation('insights');
  const names = useNames();
  const biased = result.attributes.filter((one) => one.bias.biased).map((one) => names(one.attribute));
  const { raking } = result;
  const { effective, n } = raking.size;
  return (
    <>
      <Verdict tone={biased.length > 0 ? 'bad' : 'good'}>
        {biased.length > 0
          ? t('bias.verdict', {
              count: biased.length,
              total: formatCount(result.attributes.length),
              names: biased.join(', '),
              selection: result.selection_name,
              population: result.population,
            })
          : t('bias.fineVerdict', {
              count: result.attributes.length,
              selection: result.selection_name,
              population: result.population,
            })}
      </Verdict>
      <div className={styles.stats}>
        <Stat label={result.selection_name} value={formatCount(result.n_items)} note={t('bias.items')} />
        <Stat
          label={<InfoTip text={t('bias.effectiveHelp')}>{t('bias.effectiveSize')}</InfoTip>}
          value={
            effective === null ? (
              <CannotCompute reason={raking.reason ?? raking.size.reason} />
            ) : (
              formatCount(Math.round(effective))
            )
          }
          note={
            effective !== null &&
            t('bias.ofN', { count: n, share: formatPercent(effective / Math.max(1, n), 0) })
          }
        />
        <Stat
          label={<InfoTip text={t('bias.rakingHelp')}>{t('bias.raking')}</InfoTip>}
          value={t(raking.converged ? 'bias.converged' : 'bias.notConverged')}
          note={t('bias.rounds', { count: raking.iterations, gap: formatPercent(raking.largest_gap) })}
        />
      </div>
      {raking.uncovered.length > 0 && (
        <Verdict tone="warning">
          {t('bias.uncoveredCells', { names: raking.uncovered.map((cell) => cell.join(': ')).join(', ') })}
        </Verdict>
      )}
      {result.attributes.map((one) => (
        <AttributeBias key={one.attribute} one={one} />
      ))}
      {result.label_shares.length > 0 && (
        <Section title={t('bias.labels')}>
          <Text size="sm" c="dimmed" mb="xs">
            {t('bias.labelsText')}
          </Text>
          <DataTable
            label={t('bias.labels')}
            rows={result.label_shares}
            rowKey={(one) => one.key}
            maxHeight={520}
            columns={[
              {
                key: 'class',
                header: t('column.class'),
                render: (one) => inLanguage(one.names as Record<string, string>, i18n.language, one.key),
              },
              {
                key: 'unweighted',
                header: t('bias.unweighted'),
                render: (one) => <EstimateBar {...one.unweighted} />,
              },
              {
                key: 'weighted',
                header: t('bias.weighted'),
                render: (one) => <EstimateBar {...one.weighted} />,
              },
            ]}
          />
        </Section>
      )}
    </>
  );
}
