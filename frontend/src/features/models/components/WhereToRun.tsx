import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/shared/ui/EmptyState';
import { Section } from '@/shared/ui/Section';
import { Verdict } from '@/shared/ui/Verdict';
import styles from '../models.module.css';
import type { Estimate, ModelDetail } from '../queries';
import { MeasuredFiles } from './MeasuredFiles';

/** Measured exports, and where this project should run the model, with the reasons. */
export function WhereToRun({ model }: { model: ModelDetail }) {
  const { t } = useTranslation('models');
  const advice = model.where_to_run;
  // The sentence names the reason that decides; the list has the others.
  const others = advice.reasons.filter((reason) => !advice.sentence.includes(reason));
  const files = model.exports.map((file) => {
    // The server describes the measurement as an open object; these are its estimates.
    const measured = file.measurement as Partial<Record<string, Estimate | null>>;
    return {
      ...file,
      agreement: measured.agreement ?? null,
      accuracy: measured.accuracy ?? null,
      original_accuracy: measured.original_accuracy ?? null,
      sentence: file.note ?? '',
    };
  });
  return (
    <>
      <Section title={t('where.title')}>
        <p className={styles.sentence}>{advice.sentence}</p>
        {others.length > 0 && (
          <ul className={styles.advice}>
            {others.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        {advice.blocked && (
          <div style={{ marginTop: 12 }}>
            <Verdict tone="warning">{advice.blocked}</Verdict>
          </div>
        )}
      </Section>
      <Section title={t('exports.title')}>
        {files.length === 0 ? (
          <EmptyState drawing="box" title={t('exports.empty')} text={t('exports.emptyText')} />
        ) : (
          <>
            <MeasuredFiles files={files} />
            <Text size="xs" c="dimmed" mt="xs">
              {t('exports.note')}
            </Text>
          </>
        )}
      </Section>
    </>
  );
}
