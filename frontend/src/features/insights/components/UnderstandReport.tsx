import { Anchor, Button, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bars } from '@/charts/Bars';
import { formatCount } from '@/shared/format';
import { useReason } from '@/shared/ui/reasons';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import styles from '../insights.module.css';
import type { CategoryColumn, Pictures, UnderstandResult } from '../queries';
import { type SectionVerdict, sectionVerdicts } from '../verdicts';
import { inLanguage, useNames } from '../words';
import { Balance } from './Balance';
import { Duplicates } from './Duplicates';
import { Leaks } from './Leaks';
import { Missing } from './Missing';
import { NumberCard } from './NumberCard';
import { Overview } from './Overview';
import { PictureList } from './PictureList';

const WorldMap = lazy(() => import('@/charts/WorldMap').then((m) => ({ default: m.WorldMap })));

interface Props {
  project: string;
  result: UnderstandResult;
  pictures: Pictures;
}

function Categories({ categories }: { categories: readonly CategoryColumn[] }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  return (
    <div className={styles.cards}>
      {categories.map((one) => (
        <div key={one.name} className={styles.card}>
          <Bars
            title={names(one.name)}
            rows={[
              ...one.values
                .slice(0, 10)
                .map(({ value, count }) => ({ key: value, label: value, value: count })),
              ...(one.n_values > 10
                ? [
                    {
                      key: ' other',
                      label: t('categories.other', { count: one.n_values - 10 }),
                      value: one.n_other + one.values.slice(10).reduce((sum, { count }) => sum + count, 0),
                      colour: 'var(--ts-unknown)',
                    },
                  ]
                : []),
            ]}
            caption={one.n_missing > 0 && t('number.missing', { count: one.n_missing })}
          />
        </div>
      ))}
    </div>
  );
}

function Numbers({ project, result, pictures }: Props) {
  const { t } = useTranslation('insights');
  const [all, setAll] = useState(false);
  const attributes = result.numbers.filter((one) => one.origin === 'attribute');
  const image = result.numbers.filter((one) => one.origin === 'image');
  const shown = all
    ? [...attributes, ...image]
    : [...attributes, ...image].slice(0, Math.max(6, attributes.length));
  return (
    <>
      <div className={styles.cards}>
        {shown.map((column) => (
          <NumberCard
            key={`${column.origin} ${column.name}`}
            project={project}
            column={column}
            pictures={pictures}
          />
        ))}
      </div>
      {result.numbers.length > shown.length || all ? (
        <Button size="compact-sm" variant="subtle" color="gray" mt="xs" onClick={() => setAll(!all)}>
          {all ? t('outliers.fewer') : t('outliers.all', { count: result.numbers.length })}
        </Button>
      ) : null}
    </>
  );
}

function Issues({ project, result, pictures }: Props) {
  const { t } = useTranslation('insights');
  return result.issues.codes.map((one) => (
    <div key={one.code} style={{ marginBottom: 12 }}>
      <Text size="sm" mb={4}>
        <strong>{t(`issue.${one.code}`, { defaultValue: one.code })}</strong> · {formatCount(one.count)} ·{' '}
        <Anchor
          size="sm"
          component={Link}
          to="/p/$project/data"
          params={{ project } as never}
          search={{ issue: one.code } as never}
        >
          {t('issues.all')}
        </Anchor>
      </Text>
      <PictureList
        project={project}
        label={t(`issue.${one.code}`, { defaultValue: one.code })}
        pictures={pictures}
        items={one.items.map((sha256) => ({ sha256 }))}
      />
    </div>
  ));
}

/** The whole report: all verdicts on top, then a section each. */
export function UnderstandReport({ project, result, pictures }: Props) {
  const { t, i18n } = useTranslation('insights');
  const navigate = useNavigate();
  const names = useNames();
  const className = (key: string) => inLanguage(result.balance?.names[key] ?? {}, i18n.language, key);
  const why = useReason();
  const verdicts = sectionVerdicts(result, t, names, className, why);
  const bodies: Record<SectionVerdict['id'], ReactNode> = {
    leaks: <Leaks project={project} leaks={result.leaks} />,
    balance: result.balance && result.balance.n > 0 && (
      <Balance balance={result.balance} className={className} />
    ),
    duplicates: <Duplicates project={project} duplicates={result.duplicates} pictures={pictures} />,
    issues: <Issues project={project} result={result} pictures={pictures} />,
    missing: result.missing.columns.length > 0 && <Missing missing={result.missing} />,
    outliers: result.numbers.length > 0 && <Numbers project={project} result={result} pictures={pictures} />,
    categories: result.categories.length > 0 && <Categories categories={result.categories} />,
    map: result.map.points.length > 0 && (
      <Suspense fallback={<FigureSkeleton height={320} />}>
        <WorldMap
          title={t('map.figure')}
          caption={
            result.map.points.length < result.map.n_located &&
            t('map.sampled', { count: result.map.points.length })
          }
          places={result.map.points.map((one) => ({
            id: one.sha256,
            latitude: one.latitude,
            longitude: one.longitude,
            name: one.label === null ? '' : className(one.label),
          }))}
          onPick={(place) =>
            void navigate({ to: '/p/$project/data/items/$id', params: { project, id: String(place.id) } })
          }
        />
      </Suspense>
    ),
  };
  return (
    <>
      <Overview verdicts={verdicts} />
      {verdicts.map(({ id, tone, text }) => (
        <Section key={id} id={id} title={t(`${id}.title`)}>
          <Verdict tone={tone}>{text}</Verdict>
          {bodies[id]}
        </Section>
      ))}
    </>
  );
}
