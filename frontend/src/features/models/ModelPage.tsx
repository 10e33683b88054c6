import { Button, Group, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import { FailurePictures } from './components/FailurePictures';
import { Gate } from './components/Gate';
import { Meaning } from './components/Meaning';
import { ModelCard } from './components/ModelCard';
import { StageBadge } from './components/ModelsTable';
import { Quality } from './components/Quality';
import { ReleaseModel } from './components/ReleaseModel';
import { SealedTest } from './components/SealedTest';
import { WhereToRun } from './components/WhereToRun';
import { type ModelDetail, modelQuery } from './queries';
import { isVerdict, useRecipeName, VERDICT_TONE } from './words';

const TABS = ['meaning', 'failures', 'quality', 'exports', 'release', 'card'] as const;
type Tab = (typeof TABS)[number];

const isTab = (value: string): value is Tab => TABS.some((tab) => tab === value);

function TabBody({ tab, project, model }: { tab: Tab; project: string; model: ModelDetail }) {
  if (tab === 'meaning') return <Meaning project={project} model={model} />;
  if (tab === 'failures') return <FailurePictures project={project} model={model} />;
  if (tab === 'quality') return <Quality model={model} />;
  if (tab === 'exports') return <WhereToRun project={project} model={model} />;
  if (tab === 'card') return <ModelCard project={project} model={model} />;
  return (
    <>
      <Gate project={project} model={model} />
      <SealedTest project={project} model={model} />
      <ReleaseModel project={project} model={model} />
    </>
  );
}

/** What a model means, where it fails, where it may run, and whether it may answer. */
export function ModelPage() {
  const { t } = useTranslation('models');
  const tell = useSaid();
  const { slug } = useProject();
  const { id = '' } = useParams({ strict: false });
  const navigate = useNavigate();
  const recipeName = useRecipeName(slug);
  const { data: model, error, refetch } = useQuery(modelQuery(slug, id));
  const [asked] = useUrlState('tab', 'meaning');
  const tab: Tab = isTab(asked) ? asked : 'meaning';
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!model) return <PageSkeleton />;
  const verdict = model.baseline?.verdict;
  return (
    <>
      <PageHeader
        title={model.name}
        question={
          <Group gap="xs" component="span">
            <StageBadge stage={model.stage} />
            <Text span size="sm" c="dimmed">
              {t('model.made', { recipe: recipeName(model.recipe), version: model.version })}
            </Text>
          </Group>
        }
        actions={
          <Button
            component={Link}
            to="/p/$project/models/runs/$id"
            params={{ project: slug, id: model.run } as never}
            variant="default"
          >
            {t('model.openRun')}
          </Button>
        }
      />
      {isVerdict(verdict) && verdict !== 'beats' && model.baseline && tab !== 'quality' && (
        <Verdict tone={VERDICT_TONE[verdict]}>{tell(model.baseline.said, model.baseline.sentence)}</Verdict>
      )}
      <Tabs
        value={tab}
        onChange={(next) =>
          // Each tab has filters of its own in the address: another tab starts without them.
          navigate({ to: '.', search: (next === 'meaning' ? {} : { tab: next }) as never, replace: true })
        }
        keepMounted={false}
      >
        <div style={{ overflowX: 'auto', marginBottom: 16 }}>
          <Tabs.List style={{ flexWrap: 'nowrap' }}>
            {TABS.map((name) => (
              <Tabs.Tab key={name} value={name} style={{ whiteSpace: 'nowrap' }}>
                {t(`model.tab.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </div>
        <Tabs.Panel value={tab}>
          <TabBody tab={tab} project={slug} model={model} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
