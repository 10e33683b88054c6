import { ActionIcon, Anchor, Indicator, Popover, ScrollArea, Stack, Text } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { http, type Page } from '@/api/http';
import { isRunning, type Job } from '@/api/jobs';
import { formatAgo } from '@/shared/format';
import { type ProjectHere, useMaybeProject } from '@/shared/hooks/useProject';
import { JobProgress } from '@/shared/ui/JobProgress';

interface Notification {
  id: string;
  code: string;
  data: Record<string, unknown>;
  /** A path of this application, or empty. */
  link: string;
  created_at: string;
  read_at: string | null;
}

const room = (project: string) => `/api/v1/projects/${project}`;

export const jobsQuery = (project: string) =>
  queryOptions({
    queryKey: ['jobs', project],
    queryFn: ({ signal }) => http.get<Page<Job>>(`${room(project)}/jobs`, { signal }),
    refetchInterval: (query) => (query.state.data?.results.some(isRunning) ? 2_000 : 30_000),
  });

const newsQuery = (project: string) =>
  queryOptions({
    queryKey: ['notifications', project],
    queryFn: ({ signal }) => http.get<Page<Notification>>(`${room(project)}/notifications`, { signal }),
    refetchInterval: 60_000,
  });

function Jobs({ jobs, onCancel }: { jobs: readonly Job[]; onCancel?: (job: Job) => void }) {
  const { t } = useTranslation();
  return (
    <section>
      <Text fw={600} mb="xs">
        {t('jobs.title')}
      </Text>
      {jobs.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('jobs.none')}
        </Text>
      )}
      <Stack gap="sm">
        {jobs.map((job) => (
          <JobProgress key={job.id} job={job} {...(onCancel ? { onCancel: () => onCancel(job) } : {})} />
        ))}
      </Stack>
    </section>
  );
}

function News({ news }: { news: readonly Notification[] }) {
  const { t } = useTranslation();
  return (
    <section>
      <Text fw={600} mb="xs">
        {t('jobs.news')}
      </Text>
      {news.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('jobs.noNews')}
        </Text>
      )}
      <Stack gap="xs">
        {news.map((one) => {
          const fallback = one.code.replaceAll(/[._-]/g, ' ');
          const words = t(`notification.${one.code.replaceAll('.', '_')}`, {
            ...one.data,
            defaultValue: fallback,
          });
          const inside = one.link.startsWith('/') && !one.link.startsWith('//');
          return (
            <Text key={one.id} size="sm" component="div" fw={one.read_at ? 400 : 600}>
              {inside ? <Anchor href={one.link}>{words}</Anchor> : words}
              <Text size="xs" c="dimmed">
                {formatAgo(one.created_at)}
              </Text>
            </Text>
          );
        })}
      </Stack>
    </section>
  );
}

function Bell({ project }: { project: ProjectHere }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  // Annotators see their own work only, not the project's jobs.
  const mayRead = project.role !== 'annotator';
  const jobs = useQuery({ ...jobsQuery(project.slug), enabled: mayRead }).data?.results ?? [];
  const news = useQuery(newsQuery(project.slug)).data?.results ?? [];
  const cancel = useMutation({
    mutationFn: (job: Job) => http.post(`${room(project.slug)}/jobs/${job.id}/cancel`),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs', project.slug] }),
  });
  const read = useMutation({
    mutationFn: () => http.post(`${room(project.slug)}/notifications`),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications', project.slug] }),
  });
  const running = jobs.filter(isRunning).length;
  const unread = news.filter((one) => one.read_at === null).length;
  return (
    <Popover
      width={340}
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
      onClose={() => unread > 0 && read.mutate()}
    >
      <Indicator disabled={running + unread === 0} label={running + unread} size={16} offset={6} color="teal">
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('jobs.bell', { count: running })}>
            <IconBell size={18} stroke={1.6} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown aria-label={t('jobs.title')}>
        <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0 }}>
          <Stack gap="md">
            {mayRead && <Jobs jobs={jobs} {...(project.is('lead') ? { onCancel: cancel.mutate } : {})} />}
            <News news={news} />
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Running and finished jobs of the project, and what happened: it counts on whatever page one is. */
export function JobsBell() {
  const project = useMaybeProject();
  return project && <Bell project={project} />;
}
