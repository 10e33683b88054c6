import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount, formatDateTime, formatPercent } from '@/shared/format';
import styles from '../data.module.css';
import type { Label } from '../queries';
import { useAnswerWords } from '../words';

/** In the words of the schema that it was given under. */
function Said({ project, label }: { project: string; label: Label }) {
  const answer = useAnswerWords(project, label.schema, label.question);
  return answer(label);
}

/** Every label the item ever had, newest first: what, from whom or what, how sure, and why. */
export function LabelHistory({ project, labels }: { project: string; labels: readonly Label[] }) {
  const { t } = useTranslation('data');
  return (
    <ol className={styles.history} aria-label={t('history.title')}>
      {labels.map((label) => (
        <li key={label.id} className={styles.event} data-current={label.is_current}>
          <Group gap={8}>
            <Text
              fw={600}
              td={label.is_current ? 'none' : 'line-through'}
              c={label.is_current ? '' : 'dimmed'}
            >
              <Said project={project} label={label} />
            </Text>
            {label.is_current && (
              <Badge size="xs" variant="light">
                {t('history.current')}
              </Badge>
            )}
          </Group>
          <Text size="sm">
            {t(`origin.${label.origin}`)}
            {label.actor &&
              ` · ${t(label.origin === 'consensus' ? 'history.acceptedBy' : 'history.by', { name: label.actor })}`}
            {label.n_labels !== null && ` · ${t('history.answers', { count: label.n_labels })}`}
            {label.posterior !== null &&
              ` · ${t('history.posterior', { share: formatPercent(label.posterior) })}`}
          </Text>
          {label.reason && (
            <Text size="sm" fs="italic">
              {t('history.why', { reason: label.reason })}
            </Text>
          )}
          <Text size="xs" c="dimmed" title={formatDateTime(label.created_at)}>
            {formatAgo(label.created_at)} ·{' '}
            {t('history.schema', { question: label.question, version: formatCount(label.schema_version) })}
          </Text>
        </li>
      ))}
    </ol>
  );
}
