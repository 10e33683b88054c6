import {
  Accordion,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatDate } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { dayEnd, dayStart, daysAgo } from '../days';
import {
  type Allocation,
  auditsQuery,
  createAudit,
  KINDS,
  type PreviewForm,
  previewQuery,
  productionQuery,
  STRATA,
  type StrataBy,
} from '../queries';
import { DesignPreview } from './DesignPreview';

const ALLOCATIONS: readonly Allocation[] = ['neyman', 'proportional'];
const WAIT_MS = 400;

/** The name itself, or the first of "name (2)", "name (3)" … that is free. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number += 1;
  return `${name} (${number})`;
}

/** How many, from where, judged by whom: with what it will cost and how exact the answer will be, as one types. */
export function AuditDesign({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [key, renew] = useRequestKey();
  const taken = useQuery(auditsQuery(slug)).data?.results.map((one) => one.name) ?? [];
  const [typed, setName] = useState<string | null>(null);
  const name = typed ?? freeName(t('design.nameOf', { date: formatDate(new Date().toISOString()) }), taken);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [budget, setBudget] = useState<number | string>(200);
  const [strataBy, setStrataBy] = useState<StrataBy>('class_and_score');
  const [allocation, setAllocation] = useState<Allocation>('neyman');
  const [redundancy, setRedundancy] = useState<number | string>(1);
  const [kinds, setKinds] = useState<string[]>([]);
  const [seed, setSeed] = useState<number | string>(0);
  const form: PreviewForm = {
    endpoint,
    start: from ? dayStart(from) : null,
    // Without an end the server takes now; a moving end would ask for a new preview all the time.
    end: to && to < daysAgo(0) ? dayEnd(to) : null,
    budget: Number(budget) || 0,
    strata_by: strataBy,
    allocation,
    redundancy: Number(redundancy) || 1,
  };
  const [asked] = useDebouncedValue(JSON.stringify(form), WAIT_MS);
  const preview = useQuery({
    ...previewQuery(slug, JSON.parse(asked) as PreviewForm),
    placeholderData: keepPreviousData,
  });
  const classes = useQuery(productionQuery(slug, endpoint, 30)).data?.class_names ?? {};
  const create = useMutation({
    mutationFn: () => createAudit(slug, { ...form, name, seed: Number(seed) || 0, kinds }, key),
    onError: renew,
    onSuccess: (audit) => {
      for (const noun of ['audits', 'home', 'queues', 'my-work', 'production']) {
        void client.invalidateQueries({ queryKey: [noun, slug] });
      }
      void navigate({ to: '/p/$project/production/audits/$id', params: { project: slug, id: audit.id } });
    },
  });
  const problem = create.error ?? preview.error;
  const fields = problem ? asProblem(problem).fieldErrors : {};
  const nameTaken = create.error ? asProblem(create.error).code === 'queue-name-taken' : false;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('design.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameTaken ? t('design.nameTaken') : fields.name}
          required
          maxLength={120}
          data-autofocus
        />
        <NumberInput
          label={t('design.budget')}
          description={t('design.budgetText')}
          value={budget}
          onChange={setBudget}
          min={2}
          max={20_000}
          step={50}
          error={fields.budget}
          required
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            type="date"
            label={t('design.from')}
            value={from}
            max={daysAgo(0)}
            onChange={(event) => setFrom(event.currentTarget.value)}
            error={fields.start ?? fields.from}
          />
          <TextInput
            type="date"
            label={t('design.to')}
            value={to}
            max={daysAgo(0)}
            onChange={(event) => setTo(event.currentTarget.value)}
            error={fields.end}
          />
        </SimpleGrid>
        {preview.isPending && <FigureSkeleton height={220} />}
        {preview.data && !preview.error && (
          <DesignPreview
            preview={preview.data}
            names={classes}
            redundancy={form.redundancy}
            busy={preview.isPlaceholderData}
          />
        )}
        <Accordion variant="contained">
          <Accordion.Item value="more">
            <Accordion.Control>{t('design.more')}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                <Select
                  label={t('design.strataBy')}
                  description={t('design.strataText')}
                  data={STRATA.map((value) => ({ value, label: t(`design.strata.${value}`) }))}
                  value={strataBy}
                  allowDeselect={false}
                  onChange={(value) => value && setStrataBy(value as StrataBy)}
                />
                <Select
                  label={t('design.allocation')}
                  description={t(`design.allocationText.${allocation}`)}
                  data={ALLOCATIONS.map((value) => ({ value, label: t(`design.allocationOf.${value}`) }))}
                  value={allocation}
                  allowDeselect={false}
                  onChange={(value) => value && setAllocation(value as Allocation)}
                />
                <NumberInput
                  label={t('design.redundancy')}
                  description={t('design.redundancyText')}
                  value={redundancy}
                  onChange={setRedundancy}
                  min={1}
                  max={9}
                  error={fields.redundancy}
                />
                <MultiSelect
                  label={t('design.kinds')}
                  description={t('design.kindsText')}
                  data={KINDS.map((value) => ({ value, label: t(`design.kindOf.${value}`) }))}
                  value={kinds}
                  onChange={setKinds}
                  error={fields.kinds}
                />
                <NumberInput
                  label={t('design.seed')}
                  description={t('design.seedText')}
                  value={seed}
                  onChange={setSeed}
                  min={0}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {!nameTaken && <FormProblem error={problem} />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={!preview.data || Boolean(preview.error)}>
            {t('design.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
