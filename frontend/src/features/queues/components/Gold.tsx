import { Anchor, Button, Group, Image, NumberInput, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { formatCount } from '@/shared/format';
import { GoldMade } from '@/shared/gold/GoldMade';
import { useMakeGold } from '@/shared/gold/useMakeGold';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import {
  classesOfQueueQuery,
  type GoldItem,
  goldPeopleQuery,
  goldQuery,
  type PersonOnGold,
  type Queue,
  takeOutGold,
} from '../queries';

interface Props {
  project: string;
  queue: Queue;
}

/** Items whose answer is known: how people did on them, more of them, and one fewer. */
export function Gold({ project, queue }: Props) {
  const { t } = useTranslation('queues');
  const found = useInfiniteQuery(goldQuery(project, queue.id));
  const rows = found.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Section title={t('gold.title')}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed" maw={760}>
          {t('gold.text')}
        </Text>
        {queue.gold_share === 0 && rows.length > 0 && (
          <Text size="sm" c="var(--ts-warning)">
            {t('gold.noShare')}
          </Text>
        )}
        {found.error && <ErrorState small error={found.error} onRetry={found.refetch} />}
        {found.isPending && <TableSkeleton />}
        {found.data && rows.length === 0 && <Text fw={600}>{t('gold.empty')}</Text>}
        {rows.length > 0 && (
          <>
            <ByPerson project={project} queue={queue} />
            <Items project={project} queue={queue} rows={rows} />
            {found.hasNextPage && (
              <Group>
                <Button
                  size="xs"
                  variant="default"
                  loading={found.isFetchingNextPage}
                  onClick={() => void found.fetchNextPage()}
                >
                  {t('gold.more')}
                </Button>
              </Group>
            )}
          </>
        )}
        <Draw project={project} queue={queue} />
      </Stack>
    </Section>
  );
}

function ByPerson({ project, queue }: Props) {
  const { t } = useTranslation('queues');
  const { data, error, refetch } = useQuery(goldPeopleQuery(project, queue.id));
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data || data.results.length === 0) return <Text size="sm">{t('gold.nobody')}</Text>;
  const columns: Column<PersonOnGold>[] = [
    { key: 'who', header: t('atWork.who'), render: (one) => one.pseudonym, sortBy: (one) => one.pseudonym },
    {
      key: 'right',
      header: t('gold.right'),
      render: (one) => (
        <EstimateCell estimate={one.right} label={t('gold.rightOf', { who: one.pseudonym })} />
      ),
      sortBy: (one) => one.right.value,
    },
  ];
  return (
    <DataTable label={t('gold.people')} columns={columns} rows={data.results} rowKey={(one) => one.id} />
  );
}

function Items({ project, queue, rows }: Props & { rows: readonly GoldItem[] }) {
  const { t, i18n } = useTranslation('queues');
  const client = useQueryClient();
  const { data: schema } = useQuery(classesOfQueueQuery(project, queue.id));
  const index = useMemo(() => new ClassIndex(schema?.classes ?? [], i18n.language), [schema, i18n.language]);
  const takeOut = useMutation({
    mutationFn: (task: number) => takeOutGold(project, queue.id, task),
    onSettled: () => client.invalidateQueries({ queryKey: ['queue', project, queue.id] }),
  });
  const words = ({ kind, classes }: GoldItem['answer']): string =>
    kind === 'class'
      ? (classes ?? []).map((key) => index.get(key)?.name ?? key).join(', ')
      : t(kind === 'none_of_these' ? 'gold.none' : 'gold.cannotTell');
  const columns: Column<GoldItem>[] = [
    {
      key: 'item',
      header: t('gold.item'),
      render: ({ item }) => (
        <Group gap="xs" wrap="nowrap">
          {item.thumbnail_url && <Image src={item.thumbnail_url} alt="" w={36} h={36} fit="contain" />}
          <Anchor
            component={Link}
            size="sm"
            to="/p/$project/data/items/$id"
            params={{ project, id: item.sha256 } as never}
          >
            {item.name}
          </Anchor>
        </Group>
      ),
      sortBy: ({ item }) => item.name,
    },
    { key: 'answer', header: t('gold.answer'), render: (one) => words(one.answer) },
    {
      key: 'right',
      header: t('gold.right'),
      render: (one) => (
        <EstimateCell estimate={one.right} label={t('gold.rightOf', { who: one.item.name })} />
      ),
      sortBy: (one) => one.right.value,
    },
    {
      key: 'wrong',
      header: t('gold.wrong'),
      render: ({ given }) =>
        given
          .filter((one) => !one.right)
          .map((one) => t('gold.said', { words: words(one.answer), n: formatCount(one.n) }))
          .join(', ') || '–',
    },
    {
      key: 'out',
      header: '',
      render: (one) => (
        <ConfirmButton
          size="compact-xs"
          loading={takeOut.isPending && takeOut.variables === one.task}
          aria-label={t('gold.takeOutOf', { name: one.item.name })}
          question={{ title: t('gold.sure'), text: t('gold.sureText'), verb: t('gold.takeOut') }}
          onConfirm={() => takeOut.mutate(one.task)}
        >
          {t('gold.takeOut')}
        </ConfirmButton>
      ),
    },
  ];
  return (
    <>
      <FormProblem error={takeOut.error} />
      <DataTable label={t('gold.title')} columns={columns} rows={rows} rowKey={(one) => one.task} />
    </>
  );
}

/** More gold, of labels that a person stands for. */
function Draw({ project, queue }: Props) {
  const { t } = useTranslation('queues');
  const [sample, setSample] = useState(20);
  const make = useMakeGold(project);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // Another draw each time; the same seed would find the same items again.
        make.mutate({ queue: queue.id, sample, seed: Math.floor(Math.random() * 2 ** 31) });
      }}
    >
      <Stack gap="xs">
        <Group align="end" gap="sm">
          <NumberInput
            size="xs"
            w={160}
            label={t('gold.sample')}
            min={1}
            max={5000}
            allowDecimal={false}
            value={sample}
            onChange={(value) => setSample(Number(value) || 1)}
          />
          <Button size="xs" type="submit" variant="default" loading={make.isPending}>
            {t('gold.draw')}
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          {t('gold.elsewhere')}
        </Text>
        <FormProblem error={make.error} />
        {make.data && <GoldMade made={make.data} />}
      </Stack>
    </form>
  );
}
