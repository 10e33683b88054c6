import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { GridSkeleton } from '@/shared/ui/Skeletons';
import { ThumbGrid } from '@/shared/ui/ThumbGrid';
import { type Failure, failuresQuery, type ModelDetail } from '../queries';
import { Facts } from './Facts';

const MOST = 500;

function Detail({
  failure,
  project,
  name,
  onClose,
}: {
  failure: Failure;
  project: string;
  name: (keys: readonly string[]) => string;
  onClose: () => void;
}) {
  const { t } = useTranslation('models');
  return (
    <Modal opened onClose={onClose} title={t('failures.one')} size="lg">
      <Stack>
        <img
          src={failure.image_url}
          alt={name(failure.truth)}
          style={{
            maxWidth: '100%',
            maxHeight: '50vh',
            objectFit: 'contain',
            background: 'var(--ts-sunken)',
          }}
        />
        <Facts
          rows={[
            [
              t('failures.truth'),
              `${name(failure.truth)} · ${t('failures.score', { value: formatPercent(failure.truth_score) })}`,
            ],
            [
              t('failures.said'),
              `${name(failure.predicted)} · ${t('failures.score', { value: formatPercent(failure.score) })}`,
            ],
            [t('failures.badness'), formatPercent(failure.badness)],
          ]}
        />
        <Button
          component={Link}
          to="/p/$project/data/items/$id"
          params={{ project, id: failure.sha256 } as never}
          variant="default"
        >
          {t('failures.open')}
        </Button>
      </Stack>
    </Modal>
  );
}

/** Wrong answers on the validation split as pictures, the surest mistake first. */
export function FailurePictures({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const [truth, setTruth] = useUrlState('truth', '');
  const [predicted, setPredicted] = useUrlState('predicted', '');
  const [limit, setLimit] = useState(60);
  const [open, setOpen] = useState<Failure | null>(null);
  const { data, error, refetch } = useQuery(failuresQuery(project, model.id, { truth, predicted, limit }));
  const names = useMemo(() => new Map(model.classes.map((one) => [one.key, one.name])), [model.classes]);
  const name = (keys: readonly string[]) =>
    keys.length === 0 ? t('failures.nothing') : keys.map((key) => names.get(key) ?? key).join(', ');
  const options = model.classes.map((one) => ({ value: one.key, label: one.name }));
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <Section
      title={t('failures.title')}
      actions={
        <>
          <Select
            size="xs"
            aria-label={t('failures.truth')}
            placeholder={t('failures.truth')}
            data={options}
            value={truth || null}
            onChange={(value) => setTruth(value ?? '')}
            searchable
            clearable
          />
          <Select
            size="xs"
            aria-label={t('failures.said')}
            placeholder={t('failures.said')}
            data={options}
            value={predicted || null}
            onChange={(value) => setPredicted(value ?? '')}
            searchable
            clearable
          />
        </>
      }
    >
      {!data && <GridSkeleton />}
      {data && (
        <>
          <Text size="sm" mb="sm">
            {t('failures.count', {
              count: data.total,
              n: formatCount(data.total),
              rows: formatCount(data.rows),
            })}
          </Text>
          {data.pairs.length > 0 && !truth && !predicted && (
            <Group gap={6} mb="sm" role="group" aria-label={t('failures.pairs')}>
              {data.pairs.slice(0, 8).map((pair) => (
                <Button
                  key={`${pair.truth}>${pair.predicted}`}
                  size="compact-xs"
                  variant="default"
                  component={Link}
                  to="."
                  search={
                    ((before: object) => ({
                      ...before,
                      truth: pair.truth,
                      predicted: pair.predicted,
                    })) as never
                  }
                >
                  {t('failures.pair', {
                    truth: name([pair.truth]),
                    predicted: name([pair.predicted]),
                    n: formatCount(pair.count),
                  })}
                </Button>
              ))}
            </Group>
          )}
          {data.results.length === 0 ? (
            <EmptyState drawing="done" title={t('failures.empty')} text={t('failures.emptyText')} />
          ) : (
            <ThumbGrid
              label={t('failures.title')}
              items={data.results.map((one) => ({
                id: one.sha256,
                src: one.thumbnail_url,
                name: t('failures.alt', { truth: name(one.truth), said: name(one.predicted) }),
                caption: t('failures.caption', { truth: name(one.truth), said: name(one.predicted) }),
              }))}
              size={152}
              height={Math.min(560, 40 + 172 * Math.ceil(data.results.length / 4))}
              onOpen={(item) => setOpen(data.results.find((one) => one.sha256 === item.id) ?? null)}
              {...(data.next && limit < MOST ? { onEnd: () => setLimit(MOST) } : {})}
            />
          )}
        </>
      )}
      {open && <Detail failure={open} project={project} name={name} onClose={() => setOpen(null)} />}
    </Section>
  );
}
