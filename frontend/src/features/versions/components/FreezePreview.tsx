import { Paper, Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { previewQuery, type Recipe } from '../queries';
import { balanceTone, useBalanceWords } from '../words';
import { LeftOut } from './LeftOut';
import { SplitBar } from './SplitBar';

interface Props {
  project: string;
  recipe: Recipe;
  /** Whether the recipe is complete enough to be asked about. */
  ready: boolean;
}

/** What freezing would give now, counted by the server from the same plan. */
export function FreezePreview({ project, recipe, ready }: Props) {
  const { t } = useTranslation('versions');
  const balance = useBalanceWords();
  const { data, error, isFetching } = useQuery({
    ...previewQuery(project, recipe),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  return (
    <Paper withBorder p="sm" bg="var(--ts-sunken)" component="section" aria-busy={isFetching}>
      <Title order={3} mb="xs">
        {t('preview.title')}
      </Title>
      {error && <FormProblem error={error} />}
      {!error &&
        !data &&
        (ready ? <FigureSkeleton height={96} /> : <Text size="sm">{t('preview.wait')}</Text>)}
      {!error && data && (
        <Stack gap="xs" style={{ opacity: isFetching ? 0.6 : 1 }}>
          {data.items === 0 ? (
            <Verdict tone="bad">{t('preview.nothing')}</Verdict>
          ) : (
            <>
              <Text fw={600}>
                {t('preview.items', {
                  count: data.items,
                  n: formatCount(data.items),
                  classes: formatCount(data.classes.length),
                })}
              </Text>
              <SplitBar splits={data.splits} />
              <Verdict tone={balanceTone(data)}>{balance(data)}</Verdict>
            </>
          )}
          {data.parent && <Text size="sm">{t('preview.parent', { parent: data.parent })}</Text>}
          <Title order={4}>{t('leftOut.title')}</Title>
          <LeftOut summary={data} />
        </Stack>
      )}
    </Paper>
  );
}
