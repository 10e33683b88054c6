import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDateTime } from '@/shared/format';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { changesQuery } from '../queries';
import { useOperationWords } from './Pending';

/** Which changes were made, by whom, and what became of the labels. */
export function History({ project, schema }: { project: string; schema: string }) {
  const { t } = useTranslation('schema');
  const say = useOperationWords();
  const { data, error, refetch } = useQuery(changesQuery(project, schema));
  const made = data?.results.filter((one) => one.applied_at !== null) ?? [];
  if (!error && made.length === 0) return null;
  return (
    <Section title={t('history.title')}>
      {error && <ErrorState small error={error} onRetry={refetch} />}
      <ul style={{ margin: 0, paddingLeft: 20 }}>
        {made.map((one) => {
          const sum = (of: 'moved' | 'asked_again' | 'kept') =>
            formatCount(one.labels.reduce((total, part) => total + part[of], 0));
          return (
            <li key={one.id}>
              <Text size="sm">
                {t('history.line', {
                  version: one.version,
                  who: one.by ?? t('history.somebody'),
                  when: formatDateTime(one.applied_at ?? one.created_at),
                })}
              </Text>
              <Text size="sm" c="dimmed">
                {one.operations.map((operation) => say(operation)).join(' · ') || t('history.edits')}
              </Text>
              {one.labels.length > 0 && (
                <Text size="sm" c="dimmed">
                  {t('history.labels', { moved: sum('moved'), asked: sum('asked_again'), kept: sum('kept') })}
                </Text>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
