import { Button, Group, MultiSelect, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatCount, formatDate } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Light } from '@/shared/ui/Verdict';
import {
  endSchedule,
  KINDS,
  type Schedule,
  STRATA,
  type StrataBy,
  schedulesQuery,
  setSchedule,
} from '../queries';

function ScheduleForm({
  endpoint,
  before,
  onDone,
}: {
  endpoint: string;
  before?: Schedule;
  onDone: () => void;
}) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const client = useQueryClient();
  const [key, renew] = useRequestKey();
  const [cadence, setCadence] = useState<number | string>(before?.cadence_days ?? 14);
  const [budget, setBudget] = useState<number | string>(before?.budget ?? 200);
  const [owner, setOwner] = useState('');
  const [strataBy, setStrataBy] = useState<StrataBy>(before?.strata_by ?? 'class_and_score');
  const [redundancy, setRedundancy] = useState<number | string>(before?.redundancy ?? 1);
  const [kinds, setKinds] = useState<string[]>(before?.kinds ?? []);
  const save = useMutation({
    mutationFn: () =>
      setSchedule(
        slug,
        {
          endpoint,
          cadence_days: Number(cadence),
          budget: Number(budget),
          strata_by: strataBy,
          redundancy: Number(redundancy) || 1,
          kinds,
          owner: owner.trim() || null,
        },
        key,
      ),
    onError: renew,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['audit-schedules', slug] });
      void client.invalidateQueries({ queryKey: ['home', slug] });
      onDone();
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const fields = problem?.fieldErrors ?? {};
  // The only thing that this form can name and the server not find.
  const stranger = problem?.code === 'not-found' && owner.trim() !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="flex-start" gap="sm">
        <NumberInput
          label={t('schedule.cadence')}
          value={cadence}
          onChange={setCadence}
          min={1}
          max={365}
          w={150}
          error={fields.cadence_days}
          required
        />
        <NumberInput
          label={t('schedule.budget')}
          value={budget}
          onChange={setBudget}
          min={2}
          max={20_000}
          w={170}
          error={fields.budget}
          required
        />
        <TextInput
          type="email"
          label={t('schedule.owner')}
          placeholder={t('schedule.you')}
          value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)}
          error={stranger ? t('schedule.stranger') : fields.owner}
          w={240}
        />
        <Select
          label={t('design.strataBy')}
          data={STRATA.map((value) => ({ value, label: t(`design.strata.${value}`) }))}
          value={strataBy}
          allowDeselect={false}
          onChange={(value) => value && setStrataBy(value as StrataBy)}
          error={fields.strata_by}
          w={240}
        />
        <NumberInput
          label={t('design.redundancy')}
          value={redundancy}
          onChange={setRedundancy}
          min={1}
          max={9}
          w={170}
          error={fields.redundancy}
        />
        <MultiSelect
          label={t('design.kinds')}
          data={KINDS.map((value) => ({ value, label: t(`design.kindOf.${value}`) }))}
          value={kinds}
          onChange={setKinds}
          error={fields.kinds}
          w={260}
        />
        <Group gap="xs" mt={24}>
          <Button variant="default" onClick={onDone}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('schedule.save')}
          </Button>
        </Group>
      </Group>
      {!stranger && <FormProblem error={save.error} />}
    </form>
  );
}

function ScheduleRow({ schedule, onChange }: { schedule: Schedule; onChange: () => void }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => endSchedule(project.slug, schedule.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['audit-schedules', project.slug] }),
  });
  const late = schedule.overdue_days > 0;
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <div>
          <Text>
            {t('schedule.sentence', {
              count: schedule.cadence_days,
              budget: formatCount(schedule.budget),
              owner: schedule.owner.name,
            })}
          </Text>
          <Text size="sm" c="dimmed">
            {[
              t(`design.strata.${schedule.strata_by}`),
              t('schedule.judges', { count: schedule.redundancy ?? 1 }),
              schedule.kinds.map((kind) => t(`design.kindOf.${kind}`)).join(', '),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <Light tone={late ? 'bad' : 'good'}>
            {late
              ? t('schedule.late', { count: Math.max(1, Math.round(schedule.overdue_days)) })
              : t('schedule.next', { date: formatDate(schedule.next_due_at) })}
          </Light>
        </div>
        {project.is('lead') && (
          <Group gap="xs">
            <Button variant="default" onClick={onChange}>
              {t('schedule.change')}
            </Button>
            <ConfirmButton
              loading={end.isPending}
              question={{
                title: t('schedule.endTitle'),
                text: t('schedule.endText'),
                verb: t('schedule.end'),
              }}
              onConfirm={() => end.mutate()}
            >
              {t('schedule.end')}
            </ConfirmButton>
          </Group>
        )}
      </Group>
      <FormProblem error={end.error} />
    </Stack>
  );
}

/** The regular audit: how often, how many, whose duty it is, and whether it is late. */
export function Schedules({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { data, error, refetch, isPending } = useQuery(schedulesQuery(project.slug));
  const [edits, setEdits] = useState(false);
  const mine = data?.results.find((one) => one.endpoint === endpoint);
  return (
    <Section title={t('schedule.title')}>
      {isPending && <TableSkeleton rows={1} />}
      {error && !data && <ErrorState error={error} small onRetry={refetch} />}
      {mine && !edits && <ScheduleRow schedule={mine} onChange={() => setEdits(true)} />}
      {data && !mine && !edits && (
        <Group justify="space-between" gap="sm">
          <Text c="dimmed" maw={560}>
            {t('schedule.none')}
          </Text>
          {project.is('lead') && (
            <Button variant="default" onClick={() => setEdits(true)}>
              {t('schedule.set')}
            </Button>
          )}
        </Group>
      )}
      {edits && (
        <ScheduleForm
          endpoint={endpoint}
          {...(mine ? { before: mine } : {})}
          onDone={() => setEdits(false)}
        />
      )}
    </Section>
  );
}
