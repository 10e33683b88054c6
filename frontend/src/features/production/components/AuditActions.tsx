import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { FormProblem } from '@/shared/ui/FormProblem';
import { type AuditDetail, endAudit, refreshAudit } from '../queries';

/** Judge, take in new answers, complete or cancel. */
export function AuditActions({ audit }: { audit: AuditDetail }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { slug } = project;
  const client = useQueryClient();
  const show = (next: AuditDetail) => {
    client.setQueryData(['audit', slug, audit.id], next);
    for (const noun of ['audits', 'production', 'home', 'queues', 'my-work']) {
      void client.invalidateQueries({ queryKey: [noun, slug] });
    }
  };
  const refresh = useMutation({ mutationFn: () => refreshAudit(slug, audit.id), onSuccess: show });
  const end = useMutation({
    mutationFn: (state: 'complete' | 'cancelled') => endAudit(slug, audit.id, state),
    onSuccess: show,
  });
  const running = audit.state === 'running';
  const missing = audit.asked - audit.judged - (audit.result?.undecidable ?? 0);
  if (!running) return null;
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {project.is('lead') && (
          <>
            <ConfirmButton
              variant="subtle"
              color="gray"
              loading={end.isPending && end.variables === 'cancelled'}
              question={{
                title: t('audit.cancelTitle'),
                text: t('audit.cancelText'),
                verb: t('audit.cancel'),
                danger: true,
              }}
              onConfirm={() => end.mutate('cancelled')}
            >
              {t('audit.cancel')}
            </ConfirmButton>
            <ConfirmButton
              loading={end.isPending && end.variables === 'complete'}
              question={{
                title: t('audit.completeTitle'),
                text: missing > 0 ? t('audit.completeEarly', { count: missing }) : t('audit.completeText'),
                verb: t('audit.complete'),
              }}
              onConfirm={() => end.mutate('complete')}
            >
              {t('audit.complete')}
            </ConfirmButton>
            <Button variant="default" loading={refresh.isPending} onClick={() => refresh.mutate()}>
              {t('audit.refresh')}
            </Button>
          </>
        )}
        {audit.queue?.state === 'open' && project.role !== 'researcher' && (
          <Button
            component={Link}
            to="/p/$project/label/$queue"
            params={{ project: slug, queue: audit.queue.id } as never}
          >
            {t('audit.judge')}
          </Button>
        )}
      </Group>
      <FormProblem error={refresh.error ?? end.error} />
    </Stack>
  );
}
