import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatDate } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Light } from '@/shared/ui/Verdict';
import { AuditActions } from './components/AuditActions';
import { AuditConfusion } from './components/AuditConfusion';
import { AuditErrors } from './components/AuditErrors';
import { AuditNumber } from './components/AuditNumber';
import { ByClass, Strata } from './components/AuditTables';
import { type AuditDetail, auditQuery } from './queries';
import { AUDIT_TONES } from './words';

function About({ audit }: { audit: AuditDetail }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  return (
    <Group gap="xs" component="span">
      <Light tone={AUDIT_TONES[audit.state ?? ''] ?? 'unknown'}>{t(`audits.stateOf.${audit.state}`)}</Light>
      <Text span size="sm" c="dimmed">
        {t(`audits.kindOf.${audit.kind}`)} · {formatDate(audit.window_from)} – {formatDate(audit.window_to)} ·{' '}
        <Anchor
          component={Link}
          inherit
          to="/p/$project/models/$id"
          params={{ project: slug, id: audit.model.id } as never}
        >
          {audit.model.name}
        </Anchor>
      </Text>
    </Group>
  );
}

/** How many are wrong: the sentence, the number, the interval, and everything that stands behind them. */
export function AuditPage() {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const { id = '' } = useParams({ strict: false });
  const { data: audit, error, refetch } = useQuery(auditQuery(slug, id));
  if (error && !audit) return <ErrorState error={error} onRetry={refetch} />;
  if (!audit) return <PageSkeleton />;
  const { result, class_names: names } = audit;
  const judged = (result?.judged ?? 0) > 0;
  return (
    <>
      <PageHeader
        title={audit.name}
        question={<About audit={audit} />}
        actions={<AuditActions audit={audit} />}
      />
      <AuditNumber audit={audit} />
      {judged && <AuditErrors audit={audit} />}
      {judged && result?.confusion && result.classes && (
        <AuditConfusion classes={result.classes} cells={result.confusion} names={names} />
      )}
      {judged && result?.by_class && <ByClass rows={result.by_class} names={names} />}
      {result?.strata ? (
        <Strata rows={result.strata} names={names} />
      ) : (
        audit.kind === 'random' &&
        audit.design && (
          <Strata
            rows={audit.design.strata.map((one) => ({
              name: one.name,
              population: one.size,
              asked: one.sample,
              answered: 0,
              accuracy: null,
            }))}
            names={names}
          />
        )
      )}
      <Text size="xs" c="dimmed">
        {t('audit.blind')}
      </Text>
    </>
  );
}
