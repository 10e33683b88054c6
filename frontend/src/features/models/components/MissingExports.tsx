import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { type MissingExport, startExport } from '../queries';

interface Props {
  project: string;
  /** "models/…" or "runs/…": whose file it will be. */
  of: string;
  missing: readonly MissingExport[];
  /** Why none may be made now. */
  blocked?: string;
}

/** Formats that the model is not in yet: ask for one, follow it, read why it failed. */
export function MissingExports({ project, of, missing, blocked = '' }: Props) {
  const { t } = useTranslation('models');
  const here = useProject();
  const client = useQueryClient();
  const [key, renew] = useRequestKey();
  const again = () => {
    const [kind, id] = of.split('/');
    void client.invalidateQueries({ queryKey: [kind === 'runs' ? 'run' : 'model', project, id] });
    void client.invalidateQueries({ queryKey: ['exports', project] });
  };
  const start = useMutation({
    mutationFn: (format: string) => startExport(project, of, format, key),
    onSettled: (_answer, error) => {
      renew(error);
      again();
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const busy = missing.some((one) => one.job && isRunning(one.job));
  const wasBusy = useRef(false);
  const refresh = useRef(again);
  refresh.current = again;
  useEffect(() => {
    if (wasBusy.current && !busy) refresh.current();
    wasBusy.current = busy;
  }, [busy]);
  const mayAsk = here.is('lead') || (of.startsWith('runs/') && here.is('researcher'));
  if (missing.length === 0) return null;
  return (
    <Stack gap="sm" mt="md" maw={640}>
      {missing.map(({ format, job }) => {
        const name = t(`format.${format}`, { defaultValue: format });
        return (
          <div key={format}>
            <Group justify="space-between">
              <Text size="sm">{t('exports.missing', { format: name })}</Text>
              {mayAsk && !(job && isRunning(job)) && (
                <Button
                  size="xs"
                  variant="default"
                  disabled={blocked !== '' || start.isPending}
                  onClick={() => start.mutate(format)}
                >
                  {t(job?.state === 'failed' ? 'exports.makeAgain' : 'exports.make', { format: name })}
                </Button>
              )}
            </Group>
            {job && <JobProgress job={job} />}
          </div>
        );
      })}
      <FormProblem error={start.error} />
    </Stack>
  );
}
