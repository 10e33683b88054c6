import { Button, Drawer, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDate } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Light } from '@/shared/ui/Verdict';
import { type Audit, auditsQuery } from '../queries';
import { AUDIT_TONES } from '../words';
import { AuditDesign } from './AuditDesign';
import { Schedules } from './Schedules';

/** The number of a random audit; of a targeted one only what was counted, because it is not a rate. */
function Found({ audit }: { audit: Audit }) {
  const { t } = useTranslation('production');
  const { result } = audit;
  if (audit.kind === 'targeted') {
    return (
      <Text span size="sm">
        {result
          ? t('audits.targetedFound', {
              wrong: formatCount(result.wrong),
              judged: formatCount(result.judged),
            })
          : t('audits.notJudged')}
      </Text>
    );
  }
  if (!result?.accuracy) {
    return (
      <Text span size="xs" c="dimmed">
        {t('audits.notJudged')}
      </Text>
    );
  }
  return <EstimateBar {...result.accuracy} width={100} label={t('audits.accuracy')} />;
}

function AuditTable({ audits }: { audits: readonly Audit[] }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const navigate = useNavigate();
  return (
    <DataTable
      label={t('audits.title')}
      rows={audits}
      rowKey={(one) => one.id}
      onOpen={(one) =>
        void navigate({ to: '/p/$project/production/audits/$id', params: { project: slug, id: one.id } })
      }
      columns={[
        { key: 'name', header: t('audits.name'), render: (one) => one.name, sortBy: (one) => one.name },
        {
          key: 'kind',
          header: t('audits.kind'),
          render: (one) => t(`audits.kindOf.${one.kind}`),
          sortBy: (one) => one.kind,
        },
        {
          key: 'window',
          header: t('audits.window'),
          render: (one) => (
            <span style={{ whiteSpace: 'nowrap' }}>
              {formatDate(one.window_from)} – {formatDate(one.window_to)}
            </span>
          ),
          sortBy: (one) => one.window_to,
        },
        {
          key: 'judged',
          header: t('audits.judged'),
          render: (one) =>
            t('audits.judgedOf', { judged: formatCount(one.judged), asked: formatCount(one.asked) }),
          sortBy: (one) => one.judged / Math.max(1, one.asked),
          align: 'right',
        },
        { key: 'found', header: t('audits.found'), render: (one) => <Found audit={one} /> },
        {
          key: 'state',
          header: t('audits.state'),
          render: (one) => (
            <Light tone={AUDIT_TONES[one.state ?? ''] ?? 'unknown'}>{t(`audits.stateOf.${one.state}`)}</Light>
          ),
          sortBy: (one) => one.state ?? '',
        },
      ]}
    />
  );
}

/** Audits of the endpoint, the design of another one, and the schedule that asks for them. */
export function Audits({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { data, error, refetch, isPending } = useQuery(auditsQuery(project.slug));
  const [design, setDesign] = useUrlState('design', '');
  const audits = data?.results.filter((one) => one.endpoint === endpoint) ?? [];
  const lead = project.is('lead');
  const button = lead && <Button onClick={() => setDesign('yes')}>{t('audits.design')}</Button>;
  return (
    <>
      <Section title={t('audits.title')} actions={audits.length > 0 && button}>
        {isPending && <TableSkeleton rows={4} />}
        {error && !data && <ErrorState error={error} small onRetry={refetch} />}
        {data && audits.length === 0 && (
          <EmptyState
            drawing="done"
            title={t('audits.empty')}
            text={t('audits.emptyText')}
            action={button || undefined}
          />
        )}
        {audits.length > 0 && <AuditTable audits={audits} />}
      </Section>
      <Schedules endpoint={endpoint} />
      <Drawer
        opened={lead && design === 'yes'}
        onClose={() => setDesign('')}
        position="right"
        size="lg"
        title={t('audits.design')}
      >
        <AuditDesign endpoint={endpoint} />
      </Drawer>
    </>
  );
}
