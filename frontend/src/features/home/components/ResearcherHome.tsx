import { Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Bars } from '@/charts/Bars';
import { formatAgo, formatCount, formatNumber } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { type VersionGlance, versionQuery } from '../queries';
import { LoadLine } from './LoadLine';

const MOST_BARS = 12;
const SPLITS = ['train', 'validation', 'test'];

function splitWords(splits: Record<string, number>, name: (split: string) => string): string {
  return SPLITS.filter((one) => one in splits)
    .map((one) => `${name(one)} ${formatCount(splits[one] ?? 0)}`)
    .join(' · ');
}

function Newest({ version }: { version: VersionGlance }) {
  const { t, i18n } = useTranslation('home');
  const { slug } = useProject();
  const { data, error, refetch } = useQuery(versionQuery(slug, version.ref));
  if (error) return <ErrorState error={error} small onRetry={refetch} />;
  if (!data) return <FigureSkeleton height={240} />;
  const { summary } = data;
  const classes = [...summary.classes].sort((a, b) => b.count - a.count);
  const rest = classes.slice(MOST_BARS);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 2 }} spacing="sm">
          <Stat label={t('versions.items')} value={formatCount(summary.items)} />
          <Stat
            label={t('versions.classes')}
            value={formatCount(summary.classes.length)}
            note={
              summary.imbalance_ratio === null
                ? null
                : t('versions.imbalance', { ratio: formatNumber(summary.imbalance_ratio, 2) })
            }
          />
        </SimpleGrid>
        <Bars
          title={t('versions.splits')}
          rows={SPLITS.filter((one) => one in version.splits).map((one) => ({
            key: one,
            label: t(`versions.split.${one}`),
            value: version.splits[one] ?? 0,
          }))}
        />
        <LoadLine version={version} />
      </Stack>
      <Bars
        title={t('versions.balance')}
        rows={classes.slice(0, MOST_BARS).map((one) => ({
          key: one.key,
          label: one.names[i18n.language] ?? one.names.en ?? one.key,
          value: one.count,
        }))}
        caption={
          rest.length > 0
            ? t('versions.more', {
                count: rest.length,
                items: formatCount(rest.reduce((sum, one) => sum + one.count, 0)),
              })
            : undefined
        }
      />
    </SimpleGrid>
  );
}

/** What can I use? Frozen versions, and the line that loads the newest. */
export function ResearcherHome({ versions }: { versions: readonly VersionGlance[] }) {
  const { t } = useTranslation('home');
  const { slug } = useProject();
  const navigate = useNavigate();
  const newest = versions[0];
  if (!newest) {
    return (
      <EmptyState
        drawing="box"
        title={t('versions.none')}
        text={t('versions.noneText')}
        action={
          <Button component={Link} to="/p/$project/versions" params={{ project: slug } as never}>
            {t('versions.go')}
          </Button>
        }
      />
    );
  }
  const open = (one: VersionGlance) =>
    void navigate({ to: '/p/$project/versions/$id', params: { project: slug, id: one.ref } });
  return (
    <>
      <Section
        title={t('versions.newest', { ref: newest.ref })}
        actions={
          <Text size="sm" c="dimmed">
            {t('versions.frozen', { when: formatAgo(newest.created_at) })}
          </Text>
        }
      >
        <Newest version={newest} />
      </Section>
      <Section title={t('versions.all')}>
        <DataTable
          label={t('versions.all')}
          rows={versions}
          rowKey={(one) => one.ref}
          onOpen={open}
          columns={[
            { key: 'ref', header: t('versions.ref'), render: (one) => one.ref, sortBy: (one) => one.ref },
            {
              key: 'items',
              header: t('versions.items'),
              render: (one) => formatCount(one.items),
              sortBy: (one) => one.items,
              align: 'right',
            },
            {
              key: 'classes',
              header: t('versions.classes'),
              render: (one) => formatCount(one.classes),
              sortBy: (one) => one.classes,
              align: 'right',
            },
            {
              key: 'splits',
              header: t('versions.splits'),
              render: (one) => splitWords(one.splits, (split) => t(`versions.split.${split}`)),
            },
            {
              key: 'created',
              header: t('versions.when'),
              render: (one) => formatAgo(one.created_at),
              sortBy: (one) => one.created_at,
            },
          ]}
        />
      </Section>
    </>
  );
}
