import {
  ActionIcon,
  Button,
  Collapse,
  Group,
  SegmentedControl,
  Select,
  Text,
  TextInput,
} from '@mantine/core';
import { useDebouncedCallback, useDisclosure, useMediaQuery } from '@mantine/hooks';
import {
  IconFilter,
  IconLayoutGrid,
  IconSearch,
  IconTable,
  IconUpload,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { QuestionSelect } from '@/shared/questions/QuestionSelect';
import { aboutQuestion, useQuestionHere } from '@/shared/questions/useQuestionHere';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { GridSkeleton, TableSkeleton } from '@/shared/ui/Skeletons';
import { ThumbGrid } from '@/shared/ui/ThumbGrid';
import { useClasses } from './classes';
import { ActiveFilters } from './components/ActiveFilters';
import { FacetList } from './components/FacetList';
import { ItemsTable } from './components/ItemsTable';
import { MoreFilters } from './components/MoreFilters';
import { Tabs } from './components/Tabs';
import styles from './data.module.css';
import { aboutLabels, toSelection, useItemFilter } from './filters';
import { attributesQuery, facetsQuery, itemsQuery } from './queries';
import { STATISTICS, useLabelWords, useNames } from './words';

const MakeGold = lazy(() => import('./components/MakeGold').then((m) => ({ default: m.MakeGold })));
const MakeQueue = lazy(() => import('./components/MakeQueue').then((m) => ({ default: m.MakeQueue })));

const SIZES = [72, 96, 128, 176, 240];

/** What do we have? The items that match a filter, as pictures or rows, with what they are like on the left. */
export function DataPage() {
  const { t } = useTranslation('data');
  const project = useProject();
  const navigate = useNavigate();
  const here = useItemFilter();
  const names = useNames();
  const { isReady, questions, question: asked, choose } = useQuestionHere(project.slug);
  const { question } = useClasses(project.slug);
  const said = useLabelWords(project.slug);
  const [view, setView] = useUrlState('view', 'grid');
  const [sort, setSort] = useUrlState('sort', 'newest');
  const [size, setSize] = useUrlState('size', '128');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [selecting, mode] = useDisclosure(false);
  const [making, queue] = useDisclosure(false);
  const [makingGold, gold] = useDisclosure(false);
  const [facetsShown, facetList] = useDisclosure(false);
  const narrow = useMediaQuery('(max-width: 62em)') ?? false;
  const about = asked ? { schema: asked.schema, question: asked.question } : {};
  const params = { ...here.filter, ...about };
  const facets = useQuery({ ...facetsQuery(project.slug, params), enabled: isReady });
  const list = useInfiniteQuery({
    ...itemsQuery(project.slug, { ...params, order: sort }),
    enabled: isReady,
  });
  const { data: attributes = [] } = useQuery(attributesQuery(project.slug));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.results) ?? [], [list.data]);
  const { fetchNextPage, hasNextPage, isFetching } = list;
  const handleEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const [text, setText] = useState(here.filter.name?.[0] ?? '');
  const search = useDebouncedCallback((value: string) => here.set('name', value ? [value] : []), 300);
  const named = here.filter.name?.[0] ?? '';
  useEffect(() => setText(named), [named]);

  const open = (id: string | number) =>
    void navigate({
      to: '/p/$project/data/items/$id',
      params: { project: project.slug, id: String(id) },
      search: aboutQuestion as never,
    });
  const toggle = (id: string | number) =>
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(String(id))) next.add(String(id));
      return next;
    });
  const clear = () => {
    setSelected(new Set());
    mode.close();
  };
  useActions([
    {
      id: 'data.view',
      title: t('action.view'),
      group: t('title'),
      scope: 'page',
      keys: ['KeyV'],
      perform: () => setView(view === 'grid' ? 'table' : 'grid'),
    },
    {
      id: 'data.select',
      title: t('action.select'),
      group: t('title'),
      scope: 'page',
      keys: ['KeyX'],
      perform: mode.toggle,
    },
    {
      id: 'data.selectNone',
      title: t('select.clear'),
      group: t('title'),
      scope: 'page',
      keys: ['Escape'],
      isEnabled: () => selected.size > 0 || selecting,
      perform: clear,
    },
  ]);

  const total = facets.data?.total ?? null;
  const canLead = project.is('lead');
  const chosen = selected.size > 0 ? selected.size : (total ?? 0);
  const selection =
    selected.size > 0
      ? { hashes: [...selected] }
      : { ...toSelection(here.filter, question, attributes), ...(aboutLabels(here.filter) ? about : {}) };
  const zoom = (by: number) => {
    const now = SIZES.indexOf(Number(size));
    const next = SIZES[Math.min(Math.max((now < 0 ? 2 : now) + by, 0), SIZES.length - 1)];
    if (next) setSize(String(next));
  };
  const nothingAtAll = here.count === 0 && list.data?.pages[0]?.results.length === 0;
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={
          canLead && (
            <Button
              component={Link}
              to="/p/$project/data/import"
              params={{ project: project.slug } as never}
              leftSection={<IconUpload size={16} />}
            >
              {t('tab.import')}
            </Button>
          )
        }
      >
        <Tabs project={project.slug} />
      </PageHeader>
      {list.error && <ErrorState error={list.error} onRetry={list.refetch} />}
      {!list.error && nothingAtAll && (
        <EmptyState
          drawing="pictures"
          title={t('empty.title')}
          text={t('empty.text')}
          action={
            canLead && (
              <Button
                component={Link}
                to="/p/$project/data/import"
                params={{ project: project.slug } as never}
              >
                {t('empty.action')}
              </Button>
            )
          }
        />
      )}
      {!list.error && !nothingAtAll && (
        <div className={styles.explorer}>
          <aside className={styles.facets} aria-label={t('facet.title')}>
            {narrow && (
              <Button
                fullWidth
                variant="default"
                leftSection={<IconFilter size={16} />}
                aria-expanded={facetsShown}
                onClick={facetList.toggle}
              >
                {t('facet.title')}
              </Button>
            )}
            <Collapse expanded={!narrow || facetsShown}>
              {questions.length > 1 && (
                <QuestionSelect
                  size="xs"
                  mb="sm"
                  label={t('facet.question')}
                  questions={questions}
                  value={asked}
                  onChange={choose}
                />
              )}
              {facets.error && <ErrorState small error={facets.error} onRetry={facets.refetch} />}
              {facets.data && <FacetList project={project.slug} facets={facets.data.facets} here={here} />}
              {!facets.data && !facets.error && <TableSkeleton rows={10} />}
            </Collapse>
          </aside>
          <div style={{ minWidth: 0 }}>
            <Group gap="xs" mb="xs">
              <TextInput
                aria-label={t('filter.name')}
                placeholder={t('filter.name')}
                leftSection={<IconSearch size={16} />}
                value={text}
                onChange={(event) => {
                  setText(event.currentTarget.value);
                  search(event.currentTarget.value);
                }}
                style={{ flex: '1 1 160px' }}
              />
              <MoreFilters project={project.slug} here={here} />
              <Select
                aria-label={t('sort.label')}
                w={190}
                data={[
                  { value: 'newest', label: t('sort.newest') },
                  { value: 'oldest', label: t('sort.oldest') },
                  ...['byte_size', ...attributes.map((one) => `attr.${one.name}`), ...STATISTICS].flatMap(
                    (value) => [
                      { value, label: `${names(value.replace(/^attr\./, ''))} ↑` },
                      { value: `-${value}`, label: `${names(value.replace(/^attr\./, ''))} ↓` },
                    ],
                  ),
                ]}
                value={sort}
                allowDeselect={false}
                searchable
                onChange={(value) => value && setSort(value)}
              />
              {view === 'grid' && (
                <Group gap={0}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('view.smaller')}
                    onClick={() => zoom(-1)}
                  >
                    <IconZoomOut size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('view.larger')}
                    onClick={() => zoom(1)}
                  >
                    <IconZoomIn size={18} />
                  </ActionIcon>
                </Group>
              )}
              <SegmentedControl
                aria-label={t('view.label')}
                value={view}
                onChange={setView}
                data={[
                  { value: 'grid', label: <IconLayoutGrid size={16} aria-label={t('view.grid')} /> },
                  { value: 'table', label: <IconTable size={16} aria-label={t('view.table')} /> },
                ]}
              />
            </Group>
            <ActiveFilters project={project.slug} here={here} />
            {!list.data && (view === 'grid' ? <GridSkeleton size={Number(size)} /> : <TableSkeleton />)}
            {list.data && items.length === 0 && (
              <EmptyState
                drawing="pictures"
                title={t('nothing.title')}
                text={t('nothing.text')}
                action={
                  <Button variant="default" onClick={here.clear}>
                    {t('filter.clear')}
                  </Button>
                }
              />
            )}
            {items.length > 0 && view === 'grid' && (
              <ThumbGrid
                label={t('title')}
                items={items.map((one) => {
                  const label = said(one);
                  return {
                    id: one.sha256,
                    src: one.media.small,
                    text: one.text || one.name,
                    name: [one.name, label].filter(Boolean).join(', '),
                    caption: Number(size) >= 96 ? label : undefined,
                  };
                })}
                size={Number(size) || 128}
                height="max(360px, calc(100vh - 300px))"
                selected={selected}
                onSelect={(one) => toggle(one.id)}
                onOpen={(one) => (selecting ? toggle(one.id) : open(one.id))}
                onEnd={handleEnd}
              />
            )}
            {items.length > 0 && view === 'table' && (
              <ItemsTable
                project={project.slug}
                items={items}
                attributes={attributes}
                selected={selected}
                onSelect={toggle}
                onOpen={open}
                onEnd={handleEnd}
              />
            )}
            {items.length > 0 && (
              <div className={styles.bar} role="toolbar" aria-label={t('select.bar')}>
                <Text size="sm" fw={600} className="tabular" role="status">
                  {selected.size > 0
                    ? t('select.count', { count: selected.size, total: formatCount(total ?? items.length) })
                    : t('select.matching', { count: total ?? items.length })}
                </Text>
                {!selecting && selected.size === 0 && (
                  <Button size="compact-sm" variant="default" onClick={mode.open}>
                    {t('select.start')}
                  </Button>
                )}
                {(selecting || selected.size > 0) && (
                  <>
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => setSelected(new Set(items.map((one) => one.sha256)))}
                    >
                      {t('select.loaded', { count: items.length })}
                    </Button>
                    <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
                      {t('select.clear')}
                    </Button>
                  </>
                )}
                <span style={{ flex: 1 }} />
                {canLead && (
                  <>
                    <Button size="compact-sm" variant="default" onClick={gold.open} disabled={chosen === 0}>
                      {t('gold.from', { count: chosen })}
                    </Button>
                    <Button size="compact-sm" onClick={queue.open} disabled={chosen === 0}>
                      {t('queue.from', { count: chosen })}
                    </Button>
                  </>
                )}
              </div>
            )}
          </div>
        </div>
      )}
      {makingGold && (
        <Suspense>
          <MakeGold project={project.slug} count={chosen} selection={selection} onClose={gold.close} />
        </Suspense>
      )}
      {making && (
        <Suspense>
          <MakeQueue project={project.slug} count={chosen} selection={selection} onClose={queue.close} />
        </Suspense>
      )}
    </>
  );
}
