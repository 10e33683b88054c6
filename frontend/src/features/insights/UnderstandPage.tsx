import { Button, Group, MultiSelect, NumberInput, Popover, Stack, Text } from '@mantine/core';
import { IconAdjustments, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { QuestionSelect } from '@/shared/questions/QuestionSelect';
import { useQuestionHere, WITH_CLASSES } from '@/shared/questions/useQuestionHere';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Tabs } from './components/Tabs';
import { UnderstandReport } from './components/UnderstandReport';
import {
  computeUnderstanding,
  schemasQuery,
  sourcesQuery,
  type Understand,
  type UnderstandForm,
  type UnderstandResult,
  understandQuery,
} from './queries';
import { useReportJob } from './useReportJob';
import { inLanguage } from './words';

type Chosen = Pick<UnderstandForm, 'label_depth' | 'sources'>;
const AS_IS: Chosen = { label_depth: null, sources: [] };

function Settings({
  project,
  form,
  onChange,
}: {
  project: string;
  form: Chosen;
  onChange: (form: Chosen) => void;
}) {
  const { t } = useTranslation('insights');
  const { questions, question, choose } = useQuestionHere(project, WITH_CLASSES);
  const { data: sources } = useQuery(sourcesQuery(project));
  return (
    <Popover position="bottom-end" width={340} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconAdjustments size={16} />}>
          {t('settings.button')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <QuestionSelect
            label={t('settings.question')}
            description={t('settings.questionHelp')}
            questions={questions}
            value={question}
            // A level is one of these classes' tree.
            onChange={(next) => {
              choose(next);
              onChange({ ...form, label_depth: null });
            }}
            comboboxProps={{ withinPortal: false }}
          />
          <NumberInput
            label={t('settings.depth')}
            description={t('settings.depthHelp')}
            placeholder={t('settings.depthAuto')}
            min={1}
            max={20}
            allowDecimal={false}
            value={form.label_depth ?? ''}
            onChange={(value) => onChange({ ...form, label_depth: value === '' ? null : Number(value) })}
          />
          <MultiSelect
            label={t('settings.sources')}
            placeholder={form.sources.length === 0 ? t('settings.allSources') : ''}
            data={(sources?.results ?? []).map((one) => one.name)}
            value={form.sources}
            onChange={(value) => onChange({ ...form, sources: value })}
            comboboxProps={{ withinPortal: false }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface SubjectProps {
  project: string;
  report: Understand;
  result: UnderstandResult;
}

function Subject({ project, report, result }: SubjectProps) {
  const { t, i18n } = useTranslation('insights');
  const { questions } = useQuestionHere(project);
  const { data: schemas } = useQuery(schemasQuery(project));
  const family = schemas?.results.find((one) => one.id === report.subject.schema)?.family;
  const asked = questions.find((one) => one.family === family && one.question === report.subject.question);
  const sources = (report.subject.sources ?? []) as string[];
  return (
    <Text size="sm" c="dimmed" mb="xs">
      {[
        t('subject', { count: result.n_items, labelled: formatCount(result.n_labelled) }),
        asked &&
          t('ofQuestion', {
            question: inLanguage(asked.title, i18n.language, asked.question),
            schema: asked.schema_name,
          }),
        result.n_read < result.n_items && t('sampled', { count: result.n_read }),
        sources.length > 0 && t('ofSources', { names: sources.join(', ') }),
        report.finished_at && t('computed', { when: formatAgo(report.finished_at) }),
      ]
        .filter(Boolean)
        .join(' · ')}
    </Text>
  );
}

/** What is wrong with the data? One report with a verdict on top of each section. */
export function UnderstandPage() {
  const { t } = useTranslation('insights');
  const project = useProject();
  const client = useQueryClient();
  const query = understandQuery(project.slug);
  const { data, error, refetch } = useQuery(query);
  const { isReady, question } = useQuestionHere(project.slug, WITH_CLASSES);
  const [form, setForm] = useState(AS_IS);
  const [started, setStarted] = useState<string | null>(null);
  const compute = useMutation({
    mutationFn: () =>
      computeUnderstanding(project.slug, {
        ...form,
        schema: question?.schema ?? null,
        question: question?.question ?? '',
      }),
    onSuccess: (report) => {
      setStarted(report.job ? String(report.job.id) : null);
      client.setQueryData(query.queryKey, (before) => ({
        report: before?.report ?? null,
        running: report.job,
      }));
      void client.invalidateQueries({ queryKey: ['jobs', project.slug] });
    },
  });
  const job = useReportJob(project.slug, data, started, query.queryKey);
  const canCompute = project.is('lead', 'reviewer', 'researcher');
  const button = canCompute && (
    <Button
      leftSection={<IconRefresh size={16} />}
      loading={compute.isPending}
      disabled={Boolean(data?.running) || !isReady}
      onClick={() => compute.mutate()}
    >
      {t(data?.report ? 'again' : 'compute')}
    </Button>
  );
  const result = data?.report?.result;
  const noItems = compute.error !== null;
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={
          <Group gap="xs">
            {canCompute && <Settings project={project.slug} form={form} onChange={setForm} />}
            {button}
          </Group>
        }
      >
        <Tabs project={project.slug} />
      </PageHeader>
      <FormProblem error={compute.error} />
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <PageSkeleton />}
      {job && (
        <Section>
          <JobProgress job={job} />
        </Section>
      )}
      {data && !result && !data.running && (
        <EmptyState
          drawing="chart"
          title={t('empty.title')}
          text={t('empty.text')}
          action={
            noItems ? (
              <Button
                component={Link}
                to="/p/$project/data/import"
                params={{ project: project.slug } as never}
              >
                {t('empty.import')}
              </Button>
            ) : (
              button
            )
          }
        />
      )}
      {result && (
        <>
          {data.report && <Subject project={project.slug} report={data.report} result={result} />}
          <UnderstandReport project={project.slug} result={result} pictures={data.report?.pictures ?? {}} />
        </>
      )}
    </>
  );
}
