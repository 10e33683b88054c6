import { Select, SimpleGrid, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { type Diff, diffQuery, type Summary, type Version, versionsQuery } from '../queries';
import { useClassWords } from '../words';

const SHOWN = 20;
const COUNTS = ['added', 'removed', 'label_changed', 'split_changed', 'weight_changed'] as const;

function Items({
  project,
  title,
  shas,
  all,
}: {
  project: string;
  title: string;
  shas: string[];
  all: number;
}) {
  const { t } = useTranslation('versions');
  if (shas.length === 0) return null;
  return (
    <details>
      <summary>{t('diff.list', { title, n: formatCount(all) })}</summary>
      <Text size="xs" component="div" style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }} mt={4}>
        {shas.slice(0, SHOWN).map((sha) => (
          <Link key={sha} to="/p/$project/data/items/$id" params={{ project, id: sha }}>
            <code>{sha.slice(0, 12)}</code>
          </Link>
        ))}
        {all > SHOWN && <span>{t('diff.more', { n: formatCount(all - SHOWN) })}</span>}
      </Text>
    </details>
  );
}

function Flow({ diff, classes }: { diff: Diff; classes: Summary['classes'] }) {
  const { t } = useTranslation('versions');
  const name = useClassWords();
  const words = (keys: string) =>
    keys
      .split(', ')
      .map((key) => {
        const known = classes.find((one) => one.key === key);
        return known ? name(known) : key || t('diff.noLabel');
      })
      .join(', ');
  if (diff.label_flow.length === 0) return null;
  return (
    <Table fz="sm" verticalSpacing={4} mt="sm" aria-label={t('diff.flow')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('diff.before')}</Table.Th>
          <Table.Th>{t('diff.after')}</Table.Th>
          <Table.Th ta="right">{t('column.items')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {diff.label_flow.slice(0, SHOWN).map((one) => (
          <Table.Tr key={`${one.before} ${one.after}`}>
            <Table.Td>{words(one.before)}</Table.Td>
            <Table.Td>{words(one.after)}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {formatCount(one.count)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Changes({ project, diff, classes }: { project: string; diff: Diff; classes: Summary['classes'] }) {
  const { t } = useTranslation('versions');
  const changed = COUNTS.some((one) => diff[`n_${one}`] > 0);
  return (
    <>
      <Text mb="sm">
        {changed
          ? t('diff.from', { before: diff.before, after: diff.after, n: formatCount(diff.n_unchanged) })
          : t('diff.same', { before: diff.before, after: diff.after })}
      </Text>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs" mb="sm">
        {COUNTS.map((one) => (
          <Stat key={one} label={t(`diff.${one}`)} value={formatCount(diff[`n_${one}`])} />
        ))}
      </SimpleGrid>
      <Items project={project} title={t('diff.added')} shas={diff.added} all={diff.n_added} />
      <Items project={project} title={t('diff.removed')} shas={diff.removed} all={diff.n_removed} />
      <Items
        project={project}
        title={t('diff.label_changed')}
        shas={diff.label_changed.map((one) => one.item_sha)}
        all={diff.n_label_changed}
      />
      <Items
        project={project}
        title={t('diff.split_changed')}
        shas={diff.split_changed.map((one) => one.item_sha)}
        all={diff.n_split_changed}
      />
      <Flow diff={diff} classes={classes} />
    </>
  );
}

/** What changed between this version and another; the earlier one always comes first. */
export function DiffSection({ project, version }: { project: string; version: Version }) {
  const { t } = useTranslation('versions');
  const list = useQuery(versionsQuery(project));
  const [other, setOther] = useUrlState('with', version.parent ?? '');
  const others = (list.data?.results ?? []).filter((one) => one.ref !== version.ref);
  const picked = others.find((one) => one.ref === other);
  const later = picked !== undefined && picked.created_at > version.created_at;
  const [before, after] = later ? [version.ref, other] : [other, version.ref];
  const diff = useQuery({
    ...diffQuery(project, before, after),
    enabled: other !== '' && other !== version.ref && list.data !== undefined,
  });
  const alone = list.data !== undefined && others.length === 0;
  const error = list.error ?? diff.error;
  return (
    <Section
      title={t('diff.title')}
      id="diff"
      actions={
        others.length > 0 && (
          <Select
            size="xs"
            aria-label={t('diff.with')}
            placeholder={t('diff.with')}
            data={others.map((one) => one.ref)}
            value={other || null}
            searchable
            allowDeselect={false}
            onChange={(ref) => setOther(ref ?? '')}
          />
        )
      }
    >
      {error && (
        <ErrorState small error={error} onRetry={() => void (list.error ? list.refetch() : diff.refetch())} />
      )}
      {!error && alone && (
        <Text size="sm" c="dimmed">
          {t('diff.alone')}
        </Text>
      )}
      {!error && !alone && !other && (
        <Text size="sm" c="dimmed">
          {t('diff.choose')}
        </Text>
      )}
      {!error && diff.isLoading && <FigureSkeleton height={96} />}
      {!error && diff.data && (
        <Changes project={project} diff={diff.data} classes={version.summary.classes} />
      )}
    </Section>
  );
}
