import { Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { type AuditEntry, trailQuery } from '../queries';

const LONG = /\b([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b([0-9a-f]{10})[0-9a-f]{54}\b/g;

/** Ids and hashes are known by their beginning. */
const short = (text: string) => text.replace(LONG, (_all, id, _rest, hash) => `${id ?? hash}…`);

/** What was done to what, as words and values: never as the raw record. */
function details(entry: AuditEntry): string {
  const show = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(show).join(', ');
    if (value !== null && typeof value === 'object') {
      return Object.entries(value)
        .map(([name, one]) => `${name.replaceAll('_', ' ')} ${show(one)}`)
        .join(', ');
    }
    return short(String(value ?? ''));
  };
  return Object.entries(entry.data)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${show(value)}`)
    .join(' · ');
}

/** Who did what, when. Nothing is ever taken out of it. */
export function TrailSection() {
  const { t } = useTranslation('settings');
  const project = useProject();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    trailQuery(project.slug),
  );
  const rows = data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Section title={t('section.audit-trail')}>
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton />}
      {data && rows.length === 0 && (
        <EmptyState drawing="queue" title={t('trail.empty')} text={t('trail.emptyText')} />
      )}
      {rows.length > 0 && (
        <>
          <DataTable
            label={t('section.audit-trail')}
            rows={rows}
            rowKey={(entry) => entry.id}
            columns={[
              {
                key: 'when',
                header: t('trail.when'),
                sortBy: (entry) => entry.created_at,
                render: (entry) => (
                  <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
                    {formatDateTime(entry.created_at)}
                  </span>
                ),
              },
              {
                key: 'who',
                header: t('trail.who'),
                sortBy: (entry) => entry.actor ?? '',
                render: (entry) => (
                  <span style={{ whiteSpace: 'nowrap' }}>{entry.actor ?? t('trail.program')}</span>
                ),
              },
              {
                key: 'action',
                header: t('trail.action'),
                sortBy: (entry) => entry.action,
                render: (entry) =>
                  t(`trail.did.${entry.action.replaceAll(/[.-]/g, '_')}`, {
                    defaultValue: entry.action.replaceAll(/[._-]/g, ' '),
                  }),
              },
              {
                key: 'subject',
                header: t('trail.subject'),
                render: (entry) => <span title={entry.subject}>{short(entry.subject)}</span>,
              },
              {
                key: 'details',
                header: t('trail.details'),
                render: (entry) => (
                  <Text size="xs" c="dimmed" lineClamp={2} maw={420}>
                    {details(entry)}
                  </Text>
                ),
              },
            ]}
          />
          {hasNextPage && (
            <Group justify="center" mt="sm">
              <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
                {t('ui.more')}
              </Button>
            </Group>
          )}
        </>
      )}
    </Section>
  );
}
