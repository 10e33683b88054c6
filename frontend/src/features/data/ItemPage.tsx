import { Anchor, Button, Code, CopyButton, SimpleGrid, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowLeft, IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { formatBytes, formatDateTime, formatNumber } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { aboutQuestion } from '@/shared/questions/useQuestionHere';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { CorrectLabel } from './components/CorrectLabel';
import { Facts } from './components/Facts';
import { ItemPicture } from './components/ItemPicture';
import { LabelHistory } from './components/LabelHistory';
import { Neighbours } from './components/Neighbours';
import styles from './data.module.css';
import { type ItemDetail, itemQuery } from './queries';
import { STATISTICS, useNames, useValueWords } from './words';

function Occurrences({ item }: { item: ItemDetail }) {
  const { t } = useTranslation('data');
  type Occurrence = ItemDetail['occurrences'][number];
  const located = item.occurrences.some((one) => one.latitude != null);
  const columns: Column<Occurrence>[] = [
    { key: 'source', header: t('facet.source'), render: (one) => one.source },
    { key: 'population', header: t('facet.population'), render: (one) => one.population || t('value.none') },
    {
      key: 'name',
      header: t('column.name'),
      render: (one) => (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {one.name}
        </Text>
      ),
    },
    {
      key: 'captured',
      header: t('column.captured'),
      render: (one) =>
        one.captured_at ? formatDateTime(one.captured_at) : one.captured_local || t('value.none'),
    },
    ...(located
      ? [
          {
            key: 'place',
            header: t('column.place'),
            render: (one: Occurrence) =>
              one.latitude != null && one.longitude != null
                ? `${formatNumber(one.latitude, 6)}, ${formatNumber(one.longitude, 6)}`
                : t('value.none'),
          },
        ]
      : []),
    { key: 'group', header: t('facet.group'), render: (one) => one.group_key || t('value.none') },
    { key: 'added', header: t('column.added'), render: (one) => formatDateTime(one.created_at) },
  ];
  return (
    <Section title={t('item.occurrences', { count: item.occurrences.length })}>
      <DataTable
        label={t('item.occurrences', { count: item.occurrences.length })}
        columns={columns}
        rows={item.occurrences}
        rowKey={(one) => one.id}
      />
    </Section>
  );
}

function Labels({ project, item, canCorrect }: { project: string; item: ItemDetail; canCorrect: boolean }) {
  const { t } = useTranslation('data');
  const [correcting, form] = useDisclosure(false);
  useActions(
    canCorrect
      ? [
          {
            id: 'data.correct',
            title: t('correct.title'),
            group: t('item.title'),
            scope: 'page',
            keys: ['KeyE'],
            perform: form.open,
          },
        ]
      : [],
  );
  const current = item.history.filter((one) => one.is_current).length;
  return (
    <Section
      title={t('history.title')}
      actions={
        canCorrect && (
          <Button size="xs" variant="default" leftSection={<IconPencil size={14} />} onClick={form.toggle}>
            {t(current > 0 ? 'correct.title' : 'correct.first')}
          </Button>
        )
      }
    >
      {correcting && <CorrectLabel project={project} item={item} onDone={form.close} />}
      {item.history.length === 0 ? (
        <Text c="dimmed">{t('history.empty')}</Text>
      ) : (
        <LabelHistory project={project} labels={item.history} />
      )}
    </Section>
  );
}

function Details({ project, item }: { project: string; item: ItemDetail }) {
  const { t } = useTranslation('data');
  const names = useNames();
  const words = useValueWords();
  const attributes = Object.entries(item.attributes);
  return (
    <>
      <Section title={t('item.facts')}>
        <Facts
          rows={[
            [
              t('item.hash'),
              <CopyButton key="hash" value={item.sha256}>
                {({ copied, copy }) => (
                  <Tooltip label={t(copied ? 'item.copied' : 'item.copy')}>
                    <Anchor component="button" type="button" onClick={copy} size="sm">
                      <Code>{item.sha256.slice(0, 16)}…</Code>
                    </Anchor>
                  </Tooltip>
                )}
              </CopyButton>,
            ],
            [t('item.type'), item.media_type],
            item.width !== null && [
              t('item.size'),
              `${item.width} × ${item.height} · ${formatBytes(item.byte_size)}`,
            ],
            item.group !== '' && [
              t('facet.group'),
              <Anchor
                key="group"
                component={Link}
                to="/p/$project/data"
                params={{ project } as never}
                search={{ group: item.group } as never}
              >
                {item.group}
              </Anchor>,
            ],
            [t('column.added'), formatDateTime(item.created_at)],
          ]}
        />
      </Section>
      <Section title={t('item.attributes')}>
        {attributes.length === 0 ? (
          <Text c="dimmed">{t('item.noAttributes')}</Text>
        ) : (
          <Facts rows={attributes.map(([name, value]) => [names(name), words(value), name])} />
        )}
      </Section>
      {item.versions.length > 0 && (
        <Section title={t('item.versions')}>
          <Facts
            rows={item.versions.map((row) => [
              <Anchor
                key="version"
                component={Link}
                to="/p/$project/versions/$id"
                params={{ project, id: row.version } as never}
              >
                {row.version}
              </Anchor>,
              t(`split.${row.split}`, { defaultValue: row.split }),
              row.version,
            ])}
          />
        </Section>
      )}
    </>
  );
}

function Statistics({ item }: { item: ItemDetail }) {
  const { t } = useTranslation('data');
  const names = useNames();
  const shown = STATISTICS.filter((name) => name in item.statistics);
  if (shown.length === 0) return null;
  const half = Math.ceil(shown.length / 2);
  return (
    <Section title={t('item.statistics')}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {[shown.slice(0, half), shown.slice(half)].map((some) => (
          <Facts
            key={some[0]}
            rows={some.map((name) => [names(name), formatNumber(item.statistics[name] ?? 0), name])}
          />
        ))}
      </SimpleGrid>
    </Section>
  );
}

/** One item: the picture, every label it ever had, where it came from, and what is like it. */
export function ItemPage() {
  const { t } = useTranslation('data');
  const names = useNames();
  const project = useProject();
  const { id = '' } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(itemQuery(project.slug, id));
  const back = (
    <Button
      component={Link}
      to="/p/$project/data"
      params={{ project: project.slug } as never}
      search={aboutQuestion as never}
      variant="default"
      leftSection={<IconArrowLeft size={16} />}
    >
      {t('title')}
    </Button>
  );
  if (error) {
    return (
      <>
        <PageHeader title={t('item.title')} actions={back} />
        <ErrorState error={error} onRetry={refetch} />
      </>
    );
  }
  if (!data) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        title={data.name.split('/').at(-1) || data.sha256.slice(0, 12)}
        question={t('item.question')}
        actions={back}
      />
      {data.findings.length > 0 && (
        <Verdict tone="warning">
          {data.findings
            .map((one) =>
              t('item.finding', {
                issue: t(`issue.${one.code}`, { defaultValue: one.code }),
                value: formatNumber(one.value),
                limit: formatNumber(one.limit),
              }),
            )
            .join(' · ')}
        </Verdict>
      )}
      {data.derived === 'failed' && <Verdict tone="bad">{t('item.derivedFailed')}</Verdict>}
      <div className={styles.item}>
        <div className={styles.itemMain}>
          <Section>
            {data.media.full ? (
              <ItemPicture src={data.media.tiles ?? data.media.full} name={data.name} />
            ) : data.record ? (
              <Facts
                rows={Object.entries(data.record).map(([name, value]) => [names(name), String(value), name])}
              />
            ) : data.text ? (
              <pre className={styles.text}>{data.text}</pre>
            ) : (
              <EmptyState drawing="pictures" title={t('item.nothing')} text={t('item.nothingText')} />
            )}
          </Section>
        </div>
        <div className={styles.itemRest}>
          <Neighbours project={project.slug} item={data.sha256} />
          <Statistics item={data} />
        </div>
        <div className={styles.itemSide}>
          <Labels project={project.slug} item={data} canCorrect={project.is('lead', 'reviewer')} />
          <Details project={project.slug} item={data} />
        </div>
      </div>
      <Occurrences item={data} />
    </>
  );
}
