import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Sparkline } from '@/charts/Sparkline';
import { formatAgo, formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { FormProblem } from '@/shared/ui/FormProblem';
import { InfoTip } from '@/shared/ui/InfoTip';
import { PageHeader } from '@/shared/ui/PageHeader';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { SimulatedBadge, StateBadge } from './components/badges';
import { EnrolForm } from './components/EnrolForm';
import { changePerson, type Person, peopleQuery } from './queries';

function usePause(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (person: Person) =>
      changePerson(project, person.id, { state: person.state === 'active' ? 'paused' : 'active' }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people', project] }),
  });
}

/** Who can be believed, how far, and how much they do. */
export function PeoplePage() {
  const { t } = useTranslation('people');
  const project = useProject();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(peopleQuery(project.slug));
  const pause = usePause(project.slug);
  const [enrolling, enrolment] = useDisclosure(false);
  const leads = project.is('lead');
  const times = data?.results.map(({ seconds_per_label: one }) => one.high ?? one.value ?? 0) ?? [];
  const slowest = 1.2 * Math.max(1, ...times);
  const columns: Column<Person>[] = [
    {
      key: 'name',
      header: t('column.name'),
      sortBy: (person) => person.name ?? person.pseudonym,
      render: (person) => (
        <span style={{ whiteSpace: 'nowrap' }}>
          <strong style={{ fontWeight: 600 }}>{person.name ?? person.pseudonym}</strong>
          <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            <Text size="xs" c="dimmed" component="span">
              {[person.name && person.pseudonym, ...person.skills].filter(Boolean).join(' · ')}
            </Text>
            {person.is_simulated && <SimulatedBadge />}
          </span>
        </span>
      ),
    },
    {
      key: 'kind',
      header: t('column.kind'),
      sortBy: (person) => person.kind,
      render: (person) => t(`kind.${person.kind}`),
    },
    {
      key: 'done',
      header: t('column.done'),
      sortBy: (person) => person.n_done,
      render: (person) => (
        <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
          <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            <Sparkline values={person.per_day.map((day) => day.n)} label={t('perDay')} />
            {formatCount(person.n_done)}
          </span>
          <Text size="xs" c="dimmed" component="span">
            {person.last_at ? formatAgo(person.last_at) : t('never')}
          </Text>
        </span>
      ),
    },
    {
      key: 'pace',
      header: <InfoTip text={t('text.seconds_per_label')}>{t('column.seconds_per_label')}</InfoTip>,
      sortBy: (person) => person.seconds_per_label.value,
      render: (person) => (
        <EstimateCell
          estimate={person.seconds_per_label}
          unit="number"
          domain={[0, slowest]}
          label={t('column.seconds_per_label')}
        />
      ),
    },
    {
      key: 'reliability',
      header: <InfoTip text={t('text.reliability')}>{t('column.reliability')}</InfoTip>,
      sortBy: (person) => person.reliability.value,
      render: (person) => <EstimateCell estimate={person.reliability} label={t('column.reliability')} />,
    },
    {
      key: 'agreement',
      header: <InfoTip text={t('text.agreement')}>{t('column.agreement')}</InfoTip>,
      sortBy: (person) => person.agreement.value,
      render: (person) => <EstimateCell estimate={person.agreement} label={t('column.agreement')} />,
    },
    {
      key: 'state',
      header: t('column.state'),
      sortBy: (person) => person.state,
      render: (person) => (
        <span style={{ display: 'inline-flex', gap: 4, flexDirection: 'column', alignItems: 'flex-start' }}>
          <StateBadge state={person.state} />
          {leads && (
            <Button
              size="compact-xs"
              variant="default"
              loading={pause.isPending && pause.variables?.id === person.id}
              onClick={() => pause.mutate(person)}
            >
              {t(person.state === 'active' ? 'pause' : 'resume')}
            </Button>
          )}
        </span>
      ),
    },
  ];
  const enrolButton = leads && (
    <Button leftSection={<IconUserPlus size={16} />} onClick={enrolment.open}>
      {t('enrol.open')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} question={t('question')} actions={enrolButton} />
      <FormProblem error={pause.error} />
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton />}
      {data?.results.length === 0 && (
        <EmptyState drawing="people" title={t('empty.title')} text={t('empty.text')} action={enrolButton} />
      )}
      {data && data.results.length > 0 && (
        <DataTable
          label={t('title')}
          columns={columns}
          rows={data.results}
          rowKey={(person) => person.id}
          defaultSort="-reliability"
          onOpen={(person) =>
            navigate({ to: '/p/$project/people/$id', params: { project: project.slug, id: person.id } })
          }
        />
      )}
      {enrolling && data && (
        <EnrolForm project={project.slug} people={data.results} onClose={enrolment.close} />
      )}
    </>
  );
}
