import { ActionIcon, Indicator, Popover, ScrollArea, Stack, Text } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { http, type Page } from '@/api/http';
import { isRunning, type Job } from '@/api/jobs';
import { useMaybeProject } from '@/shared/hooks/useProject';
import { JobProgress } from '@/shared/ui/JobProgress';

export const jobsQuery = (project: string | undefined) =>
  queryOptions({
    queryKey: ['jobs', project],
    queryFn: ({ signal }) => http.get<Page<Job>>(`/api/v1/projects/${project}/jobs`, { signal }),
    enabled: Boolean(project),
    refetchInterval: (query) => (query.state.data?.results.some(isRunning) ? 2_000 : 30_000),
  });

/** Running and finished jobs of the project; goes on counting whatever page one is on. */
export function JobsBell() {
  const { t } = useTranslation();
  const project = useMaybeProject();
  const { data } = useQuery(jobsQuery(project?.slug));
  const jobs = data?.results ?? [];
  const running = jobs.filter(isRunning).length;
  if (!project) return null;
  return (
    <Popover width={340} position="bottom-end" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Indicator disabled={running === 0} label={running} size={16} offset={6} color="teal">
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('jobs.bell', { count: running })}>
            <IconBell size={18} stroke={1.6} />
          </ActionIcon>
        </Indicator>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('jobs.title')}>
        <Text fw={600} mb="xs">
          {t('jobs.title')}
        </Text>
        {jobs.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('jobs.none')}
          </Text>
        )}
        <ScrollArea.Autosize mah={360}>
          <Stack gap="sm">
            {jobs.map((job) => (
              <JobProgress key={job.id} job={job} />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
