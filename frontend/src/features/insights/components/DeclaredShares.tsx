import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatPercent } from '@/shared/format';
import { confirm } from '@/shared/ui/confirm';
import { DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import {
  attributesQuery,
  declareShares,
  facetsQuery,
  type Margin,
  populationsQuery,
  removeShares,
} from '../queries';
import { useNames } from '../words';

interface Line {
  id: number;
  value: string;
  percent: number | string;
}

/** What is known about the population from elsewhere: a census, a log, a contract. */
function ShareForm({ project, onDone }: { project: string; onDone: () => void }) {
  const { t } = useTranslation('insights');
  const client = useQueryClient();
  const { data: attributes } = useQuery(attributesQuery(project));
  const { data: facets } = useQuery(facetsQuery(project));
  const { data: margins } = useQuery(populationsQuery(project));
  const [population, setPopulation] = useState('');
  const [attribute, setAttribute] = useState('');
  const [reference, setReference] = useState('');
  const [lines, setLines] = useState<Line[]>([
    { id: 0, value: '', percent: '' },
    { id: 1, value: '', percent: '' },
  ]);
  const total = lines.reduce((sum, one) => sum + (Number(one.percent) || 0), 0);
  const save = useMutation({
    mutationFn: () =>
      declareShares(project, {
        population,
        attribute,
        reference,
        shares: Object.fromEntries(
          lines
            .filter((one) => one.value !== '' && one.percent !== '')
            .map((one) => [one.value, Number(one.percent)]),
        ),
      }),
    onSuccess: (rows) => {
      client.setQueryData(populationsQuery(project).queryKey, rows);
      onDone();
    },
  });
  const values = facets?.facets.find((one) => one.kind === 'attribute' && one.name === attribute)?.values;
  useEffect(() => {
    if (!values) return;
    // What the items have is offered, until somebody has written something.
    setLines((before) =>
      before.some((one) => one.percent !== '')
        ? before
        : values.slice(0, 20).map((one, id) => ({ id, value: one.value, percent: '' })),
    );
  }, [values]);
  const change = (id: number, part: Partial<Line>) =>
    setLines(lines.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Autocomplete
            label={t('declare.population')}
            data={[...new Set((margins ?? []).map((one) => one.population))]}
            value={population}
            onChange={setPopulation}
            error={errors.population}
            required
          />
          <Autocomplete
            label={t('declare.attribute')}
            data={(attributes ?? [])
              .filter((one) => ['category', 'boolean'].includes(one.type))
              .map((one) => one.name)}
            value={attribute}
            onChange={setAttribute}
            error={errors.attribute}
            required
          />
          <TextInput
            label={t('declare.reference')}
            placeholder={t('declare.referenceExample')}
            value={reference}
            onChange={(event) => setReference(event.currentTarget.value)}
          />
        </SimpleGrid>
        {lines.map((one) => (
          <Group key={one.id} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={t('declare.value')}
              placeholder={t('declare.value')}
              value={one.value}
              onChange={(event) => change(one.id, { value: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            <NumberInput
              aria-label={t('declare.shareOf', { value: one.value })}
              suffix=" %"
              min={0}
              max={100}
              hideControls
              w={110}
              value={one.percent}
              onChange={(value) => change(one.id, { percent: value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('declare.drop', { value: one.value })}
              onClick={() => setLines(lines.filter((other) => other.id !== one.id))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group justify="space-between">
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconPlus size={14} />}
            onClick={() =>
              setLines([
                ...lines,
                { id: Math.max(-1, ...lines.map((one) => one.id)) + 1, value: '', percent: '' },
              ])
            }
          >
            {t('declare.add')}
          </Button>
          <Text
            size="sm"
            className="tabular"
            c={Math.abs(total - 100) < 0.5 ? 'var(--ts-good)' : 'var(--ts-warning)'}
          >
            {t('declare.total', { total: formatPercent(total / 100) })}
          </Text>
        </Group>
        {errors.shares && (
          <Text size="sm" c="var(--ts-bad)">
            {errors.shares}
          </Text>
        )}
        <FormProblem error={save.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('declare.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function DeclaredShares({ project, canEdit }: { project: string; canEdit: boolean }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const client = useQueryClient();
  const query = populationsQuery(project);
  const { data, error, refetch } = useQuery(query);
  const [adding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (id: string) => removeShares(project, id),
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  });
  const ask = async (one: Margin) => {
    const question = {
      title: t('declare.removeTitle'),
      text: t('declare.removeText', { attribute: names(one.attribute), population: one.population }),
      verb: t('declare.remove'),
      danger: true,
    };
    if (await confirm(question)) remove.mutate(one.id);
  };
  return (
    <Section
      title={t('declare.title')}
      actions={
        canEdit &&
        !adding && (
          <Button size="xs" variant="default" onClick={() => setAdding(true)}>
            {t('declare.new')}
          </Button>
        )
      }
    >
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {adding && <ShareForm project={project} onDone={() => setAdding(false)} />}
      {data?.length === 0 && !adding && <Text c="dimmed">{t('declare.empty')}</Text>}
      {data && data.length > 0 && (
        <DataTable
          label={t('declare.title')}
          rows={data}
          rowKey={(one) => one.id}
          columns={[
            { key: 'population', header: t('declare.population'), render: (one) => one.population },
            { key: 'attribute', header: t('declare.attribute'), render: (one) => names(one.attribute) },
            {
              key: 'shares',
              header: t('declare.shares'),
              render: (one) =>
                Object.entries(one.shares)
                  .map(([value, share]) => `${value} ${formatPercent(share)}`)
                  .join(' · '),
            },
            { key: 'reference', header: t('declare.reference'), render: (one) => one.reference },
            ...(canEdit
              ? [
                  {
                    key: 'remove',
                    header: '',
                    width: 40,
                    render: (one: Margin) => (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t('declare.removeOf', { attribute: names(one.attribute) })}
                        onClick={() => void ask(one)}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </Section>
  );
}
