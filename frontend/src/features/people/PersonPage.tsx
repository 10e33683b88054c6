import { Button, Group, Select, Stack, Table, TagsInput, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { Bars } from '@/charts/Bars';
import { formatAgo, formatCount, formatDate, formatDuration } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { FormProblem } from '@/shared/ui/FormProblem';
import { InfoTip } from '@/shared/ui/InfoTip';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { KindBadge, SimulatedBadge, StateBadge } from './components/badges';
import { changePerson, KINDS, type Kind, type Person, personQuery } from './queries';

type Change = Partial<Pick<Person, 'kind' | 'skills' | 'state'>>;

function useChange(project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => changePerson(project, id, change),
    onSuccess: (person) => {
      client.setQueryData(['person', project, id], person);
      void client.invalidateQueries({ queryKey: ['people', project] });
    },
  });
}

/** How far this person is to be believed, from each side that there is. */
function Believed({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const slowest = Math.max(1, person.seconds_per_label.high ?? person.seconds_per_label.value ?? 1) * 1.2;
  const fastest = Math.max(1, person.labels_per_hour.high ?? person.labels_per_hour.value ?? 1) * 1.2;
  const rows = [
    { key: 'reliability', unit: 'percent', domain: [0, 1] },
    { key: 'gold', unit: 'percent', domain: [0, 1] },
    { key: 'agreement', unit: 'percent', domain: [0, 1] },
    { key: 'seconds_per_label', unit: 'number', domain: [0, slowest] },
    { key: 'labels_per_hour', unit: 'number', domain: [0, fastest] },
  ] as const;
  return (
    <Section title={t('person.believed')}>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={6} aria-label={t('person.believed')}>
          <Table.Tbody>
            {rows.map(({ key, unit, domain }) => (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={500} w={220}>
                  <InfoTip text={t(`text.${key}`)}>{t(`column.${key}`)}</InfoTip>
                </Table.Th>
                <Table.Td>
                  <EstimateBar {...person[key]} unit={unit} domain={domain} label={t(`column.${key}`)} />
                  {person[key].value !== null && (
                    <Text size="xs" c="dimmed">
                      {t(`method.${person[key].method}`, { defaultValue: person[key].method ?? '' })}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

/** In each question of the queues that ask several. */
function ByQuestion({ person }: { person: Person }) {
  const { t, i18n } = useTranslation('people');
  if (person.questions.length === 0) return null;
  const keys = ['reliability', 'gold', 'agreement'] as const;
  return (
    <Section title={t('person.byQuestion')}>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing={6} aria-label={t('person.byQuestion')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('column.question')}</Table.Th>
              {keys.map((key) => (
                <Table.Th key={key} scope="col">
                  {t(`column.${key}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {person.questions.map((on) => (
              <Table.Tr key={`${on.queue} ${on.question}`}>
                <Table.Th scope="row" fw={500}>
                  {on.titles[i18n.language] ?? on.titles.en ?? on.question}
                  <Text size="xs" c="dimmed" fw={400}>
                    {on.queue}
                  </Text>
                </Table.Th>
                {keys.map((key) => (
                  <Table.Td key={key}>
                    <EstimateCell estimate={on[key]} label={t(`column.${key}`)} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

function Describe({ project, person }: { project: string; person: Person }) {
  const { t } = useTranslation('people');
  const [kind, setKind] = useState<Kind>(person.kind);
  const [skills, setSkills] = useState<string[]>(person.skills);
  const save = useChange(project, person.id);
  const changed = kind !== person.kind || skills.join() !== person.skills.join();
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  return (
    <Section title={t('person.describe')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ kind, skills });
        }}
      >
        <Stack gap="sm" maw={480}>
          <Select
            label={t('column.kind')}
            data={KINDS.map((one) => ({ value: one, label: t(`kind.${one}`) }))}
            value={kind}
            error={errors.kind}
            onChange={(value) => setKind((value ?? kind) as Kind)}
            allowDeselect={false}
          />
          <TagsInput
            label={t('column.skills')}
            description={t('skillsHelp')}
            value={skills}
            error={errors.skills}
            onChange={setSkills}
          />
          <FormProblem error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!changed}>
              {t('ui.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** One annotator. */
export function PersonPage() {
  const { t } = useTranslation('people');
  const project = useProject();
  const { id = '' } = useParams({ strict: false });
  const { data: person, error, refetch } = useQuery(personQuery(project.slug, id));
  const change = useChange(project.slug, id);
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!person) return <PageSkeleton />;
  const leads = project.is('lead');
  const worked = person.per_day.findIndex((day) => day.n > 0);
  // From the first day with work on, a week at least.
  const days = worked < 0 ? [] : person.per_day.slice(Math.min(worked, person.per_day.length - 7));
  const active = person.state === 'active';
  return (
    <>
      <PageHeader
        title={person.name ?? person.pseudonym}
        question={
          <Group gap="xs" component="span">
            <KindBadge kind={person.kind} />
            {person.is_simulated && <SimulatedBadge />}
            <StateBadge state={person.state} />
            <Text span size="sm" c="dimmed">
              {t('person.pseudonym', { pseudonym: person.pseudonym })}
            </Text>
          </Group>
        }
        actions={
          leads && (
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() => change.mutate({ state: active ? 'paused' : 'active' })}
            >
              {t(active ? 'pause' : 'resume')}
            </Button>
          )
        }
      />
      <FormProblem error={change.error} />
      <Group gap="xs" mb="md" align="stretch">
        <Stat
          label={t('person.labels')}
          value={formatCount(person.n_done)}
          note={person.last_at ? t('person.lastAt', { when: formatAgo(person.last_at) }) : t('never')}
        />
        <Stat
          label={t('person.hours')}
          value={formatDuration(person.hours * 3600)}
          note={t('person.hoursNote')}
        />
        <Stat label={t('person.skipped')} value={formatCount(person.n_skipped)} />
        <Stat label={t('person.goldAnswers')} value={formatCount(person.n_gold)} />
      </Group>
      <Believed person={person} />
      <ByQuestion person={person} />
      <Section title={t('perDay')}>
        {days.length > 0 ? (
          <Bars
            title={t('person.labels')}
            rows={days.map((day) => ({ key: day.day, label: formatDate(day.day), value: day.n }))}
          />
        ) : (
          <Text c="dimmed">{t('person.noDays')}</Text>
        )}
      </Section>
      {leads && (
        <Describe key={`${person.kind} ${person.skills.join()}`} project={project.slug} person={person} />
      )}
    </>
  );
}
