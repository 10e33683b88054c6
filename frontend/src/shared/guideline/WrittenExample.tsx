import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import type { components } from '@/api/schema';
import styles from './GuidelineView.module.css';

type Content = components['schemas']['Content'];

/** As many characters as one reads at a glance; the sentence below says what to look at. */
const SHOWN = 600;

/** The beginning of a text, or the columns of a record, where an example of pictures has its picture. */
export function WrittenExample({ url }: { url: string }) {
  const { t } = useTranslation('guideline');
  const { data, error } = useQuery({
    queryKey: ['content', url],
    queryFn: ({ signal }) => http.get<Content>(url, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error)
    return (
      <Text size="sm" c="dimmed" p={4}>
        {t('unreadable')}
      </Text>
    );
  if (data?.kind === 'record')
    return (
      <dl className={styles.columns}>
        {data.columns.map(({ name, value, unit }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value === null ? '–' : [String(value), unit].filter(Boolean).join(' ')}</dd>
          </div>
        ))}
      </dl>
    );
  const text = data?.text ?? '';
  return (
    <blockquote className={styles.words} aria-busy={!data}>
      {text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}
    </blockquote>
  );
}
