import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { type Said, useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import styles from '../models.module.css';
import { type Estimate, exportsQuery, type ModelDetail, type ModelExport } from '../queries';
import { MeasuredFiles } from './MeasuredFiles';
import { MissingExports } from './MissingExports';
import { SignExport } from './SignExport';

function measured(file: ModelExport) {
  // The server describes the measurement as an open object; these are its estimates.
  const found = file.measurement as Partial<Record<string, Estimate | null>>;
  return {
    ...file,
    agreement: found.agreement ?? null,
    accuracy: found.accuracy ?? null,
    original_accuracy: found.original_accuracy ?? null,
    sentence: file.note ?? '',
    said: (file.measurement as { said?: Said }).said,
  };
}

/** The files with their measurements, those that could be made, and who answers for their leaving. */
function Files({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const say = useServerWords('models');
  const here = useProject();
  const { data, error, refetch } = useQuery(exportsQuery(project, model.id));
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data) return <TableSkeleton rows={2} />;
  const by = data.blocked_by;
  const reasons = by
    ? [
        by.brief && t('blocked.brief', { kind: t(`blocked.kind.${by.brief}`) }),
        by.sources.length > 0 &&
          t('blocked.sources', {
            version: by.version,
            sources: by.sources.map((one) => `“${one.name}” (${t(`blocked.kind.${one.kind}`)})`).join(', '),
          }),
      ]
    : [];
  const why = by
    ? say('blocked.sentence', { reasons: reasons.filter(Boolean).join(' ') }, data.blocked)
    : data.blocked;
  return (
    <>
      {data.blocked && <Verdict tone="warning">{why}</Verdict>}
      {data.signature && (
        <Verdict tone="good">
          {t('sign.signed', {
            name: data.signature.name,
            when: formatDateTime(data.signature.created_at),
            reason: data.signature.reason,
          })}
        </Verdict>
      )}
      {data.results.length === 0 && data.missing.length === 0 && (
        <EmptyState drawing="box" title={t('exports.empty')} text={t('exports.emptyText')} />
      )}
      {data.results.length > 0 && (
        <>
          <MeasuredFiles files={data.results.map(measured)} />
          <Text size="xs" c="dimmed" mt="xs">
            {t('exports.note')}
          </Text>
        </>
      )}
      <MissingExports
        project={project}
        of={`models/${model.id}`}
        missing={data.missing}
        blocked={data.blocked}
      />
      {data.blocked && here.is('lead') && <SignExport project={project} model={model.id} />}
    </>
  );
}

/** Where this project should run the model, with the reasons, and the files to do it with. */
export function WhereToRun({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  const advice = model.where_to_run;
  // The sentence names the reason that decides; the list has the others.
  const others = advice.reasons.flatMap((reason, at) =>
    advice.sentence.includes(reason) ? [] : tell(advice.reasons_said[at], reason),
  );
  return (
    <>
      <Section title={t('where.title')}>
        <p className={styles.sentence}>{tell(advice.said, advice.sentence)}</p>
        {others.length > 0 && (
          <ul className={styles.advice}>
            {others.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('exports.title')}>
        <Files project={project} model={model} />
      </Section>
    </>
  );
}
