import { Button, Group, NumberInput, Select, SimpleGrid, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { computeBias, samplingBiasQuery, schemasQuery } from '../queries';
import { isChosen, likelySides, readSide, toSelection, writeSide } from '../sides';
import { useDeclared, useKnownSides } from '../useKnownSides';
import { useReportJob } from '../useReportJob';
import { inLanguage } from '../words';
import { BiasReport } from './BiasReport';
import { DeclaredShares } from './DeclaredShares';
import { SidePicker } from './SidePicker';

interface Props {
  project: string;
  canCompute: boolean;
  canDeclare: boolean;
}

/** Was the sample drawn fairly? Its shares against those that a population is declared to have. */
export function Bias({ project, canCompute, canDeclare }: Props) {
  const { t, i18n } = useTranslation('insights');
  const client = useQueryClient();
  const query = samplingBiasQuery(project);
  const { data, error, refetch } = useQuery(query);
  const known = useKnownSides(project);
  const declared = useDeclared(project);
  const { data: schemas } = useQuery(schemasQuery(project));
  const [sideText, setSide] = useUrlState('selection', '');
  const [chosen, setPopulation] = useUrlState('population', '');
  const [question, setQuestion] = useState<string | null>(null);
  const [depth, setDepth] = useState<number | string>(1);
  const [started, setStarted] = useState<string | null>(null);
  const side = readSide(sideText) ?? likelySides(known).reference;
  const population = chosen || declared[0] || '';
  const start = useMutation({
    mutationFn: () => {
      if (!isChosen(side)) throw new Error('A selection must be chosen.');
      const [schema = null, key = ''] = question?.split(' ') ?? [];
      return computeBias(project, {
        selection: toSelection(side),
        population,
        schema,
        question: key,
        label_depth: depth === '' ? null : Number(depth),
      });
    },
    onSuccess: (report) => {
      setStarted(report.job ? String(report.job.id) : null);
      client.setQueryData(query.queryKey, (before) => ({
        report: before?.report ?? null,
        running: report.job,
      }));
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const job = useReportJob(project, data, started, query.queryKey);
  const result = data?.report?.result;
  return (
    <>
      <DeclaredShares project={project} canEdit={canDeclare} />
      {canCompute && declared.length > 0 && (
        <Section title={t('bias.choose')}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <SidePicker
              label={t('bias.selection')}
              side={side}
              onChange={(next) => setSide(writeSide(next))}
              {...known}
            />
            <div>
              <Select
                label={t('bias.against')}
                data={declared}
                value={population}
                onChange={(value) => value && setPopulation(value)}
                allowDeselect={false}
              />
              <Group grow align="flex-start" mt="xs">
                <Select
                  label={t('bias.question')}
                  placeholder={t('bias.noQuestion')}
                  data={(schemas?.results ?? []).flatMap((schema) =>
                    schema.questions.map((one) => ({
                      value: `${schema.id} ${one.key}`,
                      label: inLanguage(one.title, i18n.language, one.key),
                    })),
                  )}
                  value={question}
                  onChange={setQuestion}
                  clearable
                />
                {question && (
                  <NumberInput
                    label={t('settings.depth')}
                    min={1}
                    max={20}
                    value={depth}
                    onChange={setDepth}
                  />
                )}
              </Group>
            </div>
          </SimpleGrid>
          <Group justify="flex-end" mt="sm">
            <Button
              loading={start.isPending}
              disabled={!isChosen(side) || population === '' || Boolean(data?.running)}
              onClick={() => start.mutate()}
            >
              {t('bias.start')}
            </Button>
          </Group>
          <FormProblem error={start.error} />
        </Section>
      )}
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <PageSkeleton />}
      {job && (
        <Section>
          <JobProgress job={job} />
        </Section>
      )}
      {data && !result && !job && (
        <EmptyState drawing="chart" title={t('bias.empty')} text={t('bias.emptyText')} />
      )}
      {result && (
        <>
          {data.report?.finished_at && (
            <Text size="sm" c="dimmed" mb="xs">
              {t('computed', { when: formatAgo(data.report.finished_at) })}
            </Text>
          )}
          <BiasReport result={result} />
        </>
      )}
    </>
  );
}
