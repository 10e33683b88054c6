import { Anchor, Button, SegmentedControl, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Bars } from '@/charts/Bars';
import { IntervalSeries } from '@/charts/IntervalSeries';
import { formatAgo, formatCount, formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { CannotCompute, EstimateBar } from '@/shared/ui/EstimateBar';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import { type Production, productionQuery } from '../queries';
import { estimateWords, TONE_OF, useClassName, WANTS_AUDIT } from '../words';
import { Suggestions } from './Suggestions';
import { TrafficByDay } from './TrafficByDay';

const DAYS = ['14', '30', '90'];
const MOST_CLASSES = 12;
const MOST_RELEASES = 6;

function DesignButton({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  return (
    <Button component={Link} size="xs" to="." search={{ tab: 'audits', endpoint, design: 'yes' } as never}>
      {t('audits.design')}
    </Button>
  );
}

function Answer({ told }: { told: Production }) {
  const project = useProject();
  const say = useServerWords('production');
  const tell = useSaid();
  const { verdict, expected, audited } = told;
  const last = audited.at(-1)?.accuracy;
  const words = { ...estimateWords(last), promised: estimateWords(expected).value };
  return (
    <Verdict
      tone={TONE_OF[verdict.light]}
      action={
        project.is('lead') && WANTS_AUDIT.has(verdict.code) && told.total > 0 ? (
          <DesignButton endpoint={told.endpoint} />
        ) : undefined
      }
    >
      {tell(verdict.said, verdict.sentence, say(`verdict.${verdict.code}`, words, verdict.sentence))}
    </Verdict>
  );
}

function Figures({ told }: { told: Production }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const last = told.audited.at(-1);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mb="md">
      <Stat
        label={t('overview.model')}
        value={
          told.model ? (
            <Anchor
              component={Link}
              fz="md"
              fw={600}
              style={{ overflowWrap: 'anywhere' }}
              to="/p/$project/models/$id"
              params={{ project: slug, id: told.model.id } as never}
            >
              {told.model.name}
            </Anchor>
          ) : (
            t('overview.noModel')
          )
        }
      />
      <Stat
        label={t('overview.predictions', { days: told.days })}
        value={formatCount(told.total)}
        note={t('overview.perDay', { n: formatCount(Math.round(told.total / told.days)) })}
      />
      <Stat
        label={t('overview.promised')}
        value={told.expected?.value == null ? '' : formatPercent(told.expected.value)}
        note={
          told.expected ? (
            <EstimateBar {...told.expected} compact label={t('overview.promised')} />
          ) : (
            <CannotCompute reason={t('overview.noPromise')} />
          )
        }
      />
      <Stat
        label={t('overview.measured')}
        value={last?.accuracy.value == null ? '' : formatPercent(last.accuracy.value)}
        note={
          last ? (
            <>
              <EstimateBar
                {...last.accuracy}
                compact
                target={told.expected?.value ?? null}
                label={t('overview.measured')}
              />{' '}
              <Anchor
                component={Link}
                inherit
                to="/p/$project/production/audits/$id"
                params={{ project: slug, id: last.audit } as never}
              >
                {last.name}
              </Anchor>
            </>
          ) : (
            <CannotCompute reason={t('overview.noAudit')} />
          )
        }
      />
    </SimpleGrid>
  );
}

function AccuracyOverTime({ told }: { told: Production }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const models = [...new Set(told.audited.map((one) => one.model))];
  if (told.audited.length === 0) {
    return (
      <EmptyState
        drawing="chart"
        title={t('overview.noAccuracy')}
        text={t('overview.noAccuracyText')}
        action={project.is('lead') && told.total > 0 ? <DesignButton endpoint={told.endpoint} /> : undefined}
      />
    );
  }
  return (
    <IntervalSeries
      title={t('overview.accuracy')}
      caption={t('overview.accuracyCaption')}
      series={models.map((model) => ({
        name: model,
        points: told.audited
          .filter((one) => one.model === model && one.accuracy.value !== null)
          .map(({ at, accuracy }) => ({ ...accuracy, at, value: accuracy.value ?? 0 })),
      }))}
      events={told.releases.slice(0, MOST_RELEASES).map((one) => ({ at: one.at, label: one.model }))}
      target={
        told.expected?.value == null
          ? null
          : {
              value: told.expected.value,
              label: t('overview.promisedLine', { value: formatPercent(told.expected.value) }),
            }
      }
    />
  );
}

function Releases({ told }: { told: Production }) {
  const { t } = useTranslation('production');
  return (
    <Section title={t('overview.releases')}>
      {told.releases.length === 0 && <Text c="dimmed">{t('overview.noReleases')}</Text>}
      {told.releases.slice(0, MOST_RELEASES).map((one) => (
        <Text key={one.at + one.model} size="sm">
          <strong>{one.model}</strong> · {t(`overview.kind.${one.kind}`, { defaultValue: one.kind })} ·{' '}
          {formatAgo(one.at)}
          {one.reason && (
            <Text span size="sm" c="dimmed">
              {' '}
              {one.reason}
            </Text>
          )}
        </Text>
      ))}
    </Section>
  );
}

/** The verdict, what is proposed, and the figures behind both. */
export function Overview({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const navigate = useNavigate();
  const [days, setDays] = useUrlState('days', '30');
  const { data, error, refetch } = useQuery(productionQuery(slug, endpoint, Number(days) || 30));
  const className = useClassName(data?.class_names ?? {});
  if (error && !data) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <PageSkeleton />;
  return (
    <>
      <Answer told={data} />
      <Suggestions suggestions={data.suggestions} endpoint={endpoint} />
      <Figures told={data} />
      <Section>
        <AccuracyOverTime told={data} />
      </Section>
      <Section
        title={t('overview.traffic')}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('overview.days')}
            data={DAYS.map((value) => ({ value, label: t('overview.lastDays', { days: value }) }))}
            value={DAYS.includes(days) ? days : '30'}
            onChange={setDays}
          />
        }
      >
        {data.total === 0 ? (
          <EmptyState
            drawing="chart"
            title={t('overview.noTraffic')}
            text={t('overview.noTrafficText', { endpoint })}
          />
        ) : (
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
            <TrafficByDay days={data.traffic} now={data.now} span={data.days} />
            <Bars
              title={t('overview.mix')}
              rows={data.mix.slice(0, MOST_CLASSES).map((one) => ({
                key: one.key,
                label: className(one.key),
                value: one.count,
              }))}
              onPick={(predicted) =>
                void navigate({ to: '.', search: { tab: 'log', endpoint, predicted } as never })
              }
              caption={t('overview.mixCaption')}
            />
          </SimpleGrid>
        )}
      </Section>
      <Releases told={data} />
    </>
  );
}
