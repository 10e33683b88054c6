import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { aboutQuestion } from '@/shared/questions/useQuestionHere';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { GridSkeleton } from '@/shared/ui/Skeletons';
import { ThumbGrid } from '@/shared/ui/ThumbGrid';
import { neighboursQuery } from '../queries';
import { useLabelWords } from '../words';

/** What is near: by looks (perceptual hash), or by content (vectors of the newest encoder). */
export function Neighbours({ project, item }: { project: string; item: string }) {
  const { t } = useTranslation('data');
  const navigate = useNavigate();
  const said = useLabelWords(project);
  const [by, setBy] = useUrlState('by', 'looks');
  const { data, error, refetch } = useQuery(neighboursQuery(project, item, by));
  return (
    <Section
      title={t('near.title')}
      actions={
        <SegmentedControl
          aria-label={t('near.title')}
          size="xs"
          value={by}
          onChange={setBy}
          data={['looks', 'content'].map((value) => ({ value, label: t(`near.${value}`) }))}
        />
      }
    >
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <GridSkeleton tiles={8} size={96} />}
      {data?.length === 0 && (
        <EmptyState drawing="pictures" title={t(`near.${by}Empty`)} text={t(`near.${by}EmptyText`)} />
      )}
      {data && data.length > 0 && (
        <ThumbGrid
          label={t('near.title')}
          size={112}
          height={data.length > 4 ? 300 : 152}
          items={data.map(({ distance, item: one }) => ({
            id: one.sha256,
            src: one.media.small,
            text: one.text || one.name,
            name: one.name,
            caption: [formatNumber(distance, 2), said(one)].filter(Boolean).join(' · '),
          }))}
          onOpen={(one) =>
            void navigate({
              to: '/p/$project/data/items/$id',
              params: { project, id: String(one.id) },
              search: aboutQuestion as never,
            })
          }
        />
      )}
    </Section>
  );
}
