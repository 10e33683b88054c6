import { Code, SimpleGrid, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDateTime, formatNumber, formatPercent } from '@/shared/format';
import { Section } from '@/shared/ui/Section';
import { type Recipe, schemasQuery, type Version } from '../queries';
import { useSplitWords } from '../words';
import { CopyText } from './CopyText';
import { LeftOut } from './LeftOut';

type Row = readonly [key: string, name: string, value: ReactNode];

function useConditionWords(): (one: NonNullable<Recipe['conditions']>[number]) => string {
  const { t } = useTranslation('versions');
  return ({ name, values, low, high, missing }) => {
    const parts = [
      values?.length ? t('sheet.isOneOf', { values: values.map(String).join(', ') }) : null,
      low != null ? t('sheet.atLeast', { value: formatNumber(low, 5) }) : null,
      high != null ? t('sheet.atMost', { value: formatNumber(high, 5) }) : null,
      missing != null ? t(missing ? 'sheet.isMissing' : 'sheet.isPresent') : null,
    ].filter(Boolean);
    return `${name} ${parts.join(', ')}`;
  };
}

function useRecipeRows(project: string, { recipe, question }: Version): Row[] {
  const { t, i18n } = useTranslation('versions');
  const condition = useConditionWords();
  const split = useSplitWords();
  const { data } = useQuery(schemasQuery(project));
  const schema = data?.results.find((one) => one.id === recipe.schema);
  const title = schema?.questions.find((one) => one.key === question)?.title;
  const list = (values: readonly string[] | undefined) => values?.join(', ');
  const asked = title?.[i18n.language] ?? title?.en ?? question;
  const rows: (Row | null)[] = [
    [
      'question',
      t('sheet.question'),
      schema ? t('sheet.questionOf', { title: asked, schema: schema.name, version: schema.version }) : asked,
    ],
    ['sources', t('form.sources'), list(recipe.sources) || t('sheet.allSources')],
    ['populations', t('form.populations'), list(recipe.populations) || t('sheet.allPopulations')],
    recipe.conditions?.length
      ? ['conditions', t('sheet.conditions'), recipe.conditions.map(condition).join('; ')]
      : null,
    recipe.without_issues?.length ? ['issues', t('sheet.withoutIssues'), list(recipe.without_issues)] : null,
    [
      'posterior',
      t('sheet.labels'),
      recipe.min_posterior == null
        ? t('sheet.anyPosterior')
        : t('sheet.minPosterior', { value: formatNumber(recipe.min_posterior) }),
    ],
    recipe.include_unlabelled ? ['unlabelled', t('sheet.unlabelled'), t('sheet.unlabelledIncluded')] : null,
    recipe.label_depth
      ? ['depth', t('sheet.depth'), t('sheet.depthAt', { level: recipe.label_depth })]
      : null,
    recipe.exclude_classes?.length ? ['excluded', t('sheet.excluded'), list(recipe.exclude_classes)] : null,
    [
      'splits',
      t('form.splits'),
      t('sheet.splitsBy', {
        shares: Object.entries(recipe.fractions ?? {})
          .map(([name, share]) => `${split(name)} ${formatPercent(share)}`)
          .join(', '),
        seed: recipe.seed ?? '',
      }),
    ],
    [
      'bits',
      t('sheet.duplicates'),
      recipe.near_duplicate_bits == null
        ? t('sheet.noBits')
        : t('sheet.bits', { count: recipe.near_duplicate_bits }),
    ],
    [
      'weights',
      t('sheet.weights'),
      recipe.weights
        ? t('sheet.raked', {
            population: recipe.weights.population,
            attributes: recipe.weights.attributes.join(', '),
          })
        : t('sheet.noWeights'),
    ],
  ];
  return rows.filter((row) => row !== null);
}

function Rows({ rows, label }: { rows: readonly Row[]; label: string }) {
  return (
    <Table fz="sm" verticalSpacing={4} aria-label={label}>
      <Table.Tbody>
        {rows.map(([key, name, value]) => (
          <Table.Tr key={key}>
            <Table.Th scope="row" w={150} style={{ verticalAlign: 'top', fontWeight: 500 }}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Where the version comes from, its recipe in words, and what did not make it in. */
export function Datasheet({ project, version }: { project: string; version: Version }) {
  const { t } = useTranslation('versions');
  const { summary } = version;
  const recipe = useRecipeRows(project, version);
  const lineage: Row[] = [
    [
      'parent',
      t('column.parent'),
      version.parent ? (
        <>
          <Link to="/p/$project/versions/$id" params={{ project, id: version.parent }}>
            {version.parent}
          </Link>
          {'. '}
          {t('sheet.sticky', { count: summary.new_groups, n: formatCount(summary.new_groups) })}
        </>
      ) : (
        t('sheet.first')
      ),
    ],
    [
      'frozen',
      t('column.frozen'),
      [formatDateTime(version.created_at), version.created_by].filter(Boolean).join(' · '),
    ],
    [
      'hash',
      t('column.hash'),
      <>
        <Code>{version.content_hash}</Code> <CopyText text={version.content_hash} label={t('copy.hash')} />
      </>,
    ],
  ];
  return (
    <Section title={t('sheet.title')} id="datasheet">
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <div>
          <Rows rows={[...lineage, ...recipe]} label={t('sheet.title')} />
        </div>
        <div>
          <Title order={3} mb="xs">
            {t('leftOut.title')}
          </Title>
          <LeftOut summary={summary} />
        </div>
      </SimpleGrid>
    </Section>
  );
}
