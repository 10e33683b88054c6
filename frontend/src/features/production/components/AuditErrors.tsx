import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { GridSkeleton } from '@/shared/ui/Skeletons';
import { type AuditDetail, auditErrorsQuery } from '../queries';
import { useClassName } from '../words';
import { PictureList } from './PictureList';

/** What the model got wrong, the surest first: what it said and what people said. */
export function AuditErrors({ audit }: { audit: AuditDetail }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const className = useClassName(audit.class_names);
  const [pair, setPair] = useUrlState('pair', '');
  const judged = audit.result?.judged ?? audit.judged;
  const { data, error, refetch } = useQuery(auditErrorsQuery(slug, audit.id, judged));
  const shown = (data ?? []).filter((one) => !pair || `${one.truth}>${one.predicted}` === pair);
  const [truth = '', predicted = ''] = pair.split('>');
  return (
    <Section
      id="errors"
      title={t('audit.errors')}
      actions={
        pair && (
          <Group gap="xs">
            <Text size="sm">
              {t('audit.pair', { truth: className(truth), predicted: className(predicted) })}
            </Text>
            <Button size="xs" variant="default" onClick={() => setPair('')}>
              {t('audit.allErrors')}
            </Button>
          </Group>
        )
      }
    >
      {error && !data && <ErrorState error={error} small onRetry={refetch} />}
      {!data && !error && <GridSkeleton tiles={8} />}
      {data && shown.length === 0 && <Text c="dimmed">{t('audit.noErrors')}</Text>}
      {shown.length > 0 && (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            {t('audit.errorsText')}
          </Text>
          <PictureList
            label={t('audit.errors')}
            pictures={shown.map((one) => ({
              id: one.request_id,
              sha256: one.sha256,
              src: one.thumbnail_url,
              name: t('audit.saidFull', {
                predicted: className(one.predicted),
                score: formatPercent(one.score, 0),
                truth: className(one.truth),
              }),
              caption: (
                <>
                  {t('audit.said', {
                    predicted: className(one.predicted),
                    score: formatPercent(one.score, 0),
                  })}
                  <br />
                  <strong>{t('audit.people', { truth: className(one.truth) })}</strong>
                </>
              ),
            }))}
          />
        </>
      )}
    </Section>
  );
}
