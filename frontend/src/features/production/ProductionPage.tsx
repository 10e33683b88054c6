import { Button, Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Audits } from './components/Audits';
import { Drift } from './components/Drift';
import { HardSamples } from './components/HardSamples';
import { Overview } from './components/Overview';
import { PredictionLog } from './components/PredictionLog';
import { endpointNamesQuery } from './queries';

const TABS = ['overview', 'audits', 'drift', 'hard-samples', 'log'] as const;
type Tab = (typeof TABS)[number];

const isTab = (value: string): value is Tab => TABS.some((tab) => tab === value);

function TabBody({ tab, endpoint }: { tab: Tab; endpoint: string }) {
  if (tab === 'audits') return <Audits endpoint={endpoint} />;
  if (tab === 'drift') return <Drift endpoint={endpoint} />;
  if (tab === 'hard-samples') return <HardSamples endpoint={endpoint} />;
  if (tab === 'log') return <PredictionLog endpoint={endpoint} />;
  return <Overview endpoint={endpoint} />;
}

/** Is the model still right? One endpoint at a time, in five tabs that the address keeps. */
export function ProductionPage() {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(endpointNamesQuery(slug));
  const [asked] = useUrlState('tab', 'overview');
  const [wanted] = useUrlState('endpoint', '');
  const tab: Tab = isTab(asked) ? asked : 'overview';
  const endpoint = data?.find((one) => one.name === wanted) ?? data?.[0];
  // Each tab has filters of its own in the address: another tab or endpoint starts without them.
  const go = (next: { tab: string; endpoint: string }) => {
    const search = {
      ...(next.tab === 'overview' ? {} : { tab: next.tab }),
      ...(next.endpoint === data?.[0]?.name ? {} : { endpoint: next.endpoint }),
    };
    void navigate({ to: '.', search: search as never, replace: true });
  };
  if (error && !data) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={
          data.length > 1 && (
            <Select
              aria-label={t('endpoint')}
              data={data.map((one) => one.name)}
              value={endpoint?.name ?? null}
              allowDeselect={false}
              onChange={(name) => name && go({ tab, endpoint: name })}
            />
          )
        }
      />
      {!endpoint && (
        <EmptyState
          drawing="chart"
          title={t('empty.title')}
          text={t('empty.text')}
          action={
            <Button component={Link} to="/p/$project/models" params={{ project: slug } as never}>
              {t('empty.action')}
            </Button>
          }
        />
      )}
      {endpoint && (
        <Tabs
          value={tab}
          onChange={(next) => next && go({ tab: next, endpoint: endpoint.name })}
          keepMounted={false}
        >
          <div style={{ overflowX: 'auto', marginBottom: 16 }}>
            <Tabs.List style={{ flexWrap: 'nowrap' }}>
              {TABS.map((name) => (
                <Tabs.Tab key={name} value={name} style={{ whiteSpace: 'nowrap' }}>
                  {t(`tab.${name}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </div>
          <Tabs.Panel value={tab}>
            <TabBody key={endpoint.name} tab={tab} endpoint={endpoint.name} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}
