import { Anchor, Button, Checkbox, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatCount } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { uuid } from '@/shared/uuid';
import {
  type ChangeBody,
  type ChangePreview,
  type ChangeResult,
  previewChange,
  type Schema,
  startChange,
} from '../queries';

interface Props {
  project: string;
  schema: Schema;
  body: ChangeBody;
  onClose: () => void;
  /** The new version is there. */
  onMade: () => void;
}

function Labels({ preview }: { preview: ChangePreview }) {
  const { t } = useTranslation('schema');
  const sum = (of: (one: ChangePreview['labels'][number]) => number) =>
    preview.labels.reduce((total, one) => total + of(one), 0);
  const rows = [
    ['moved', sum((one) => one.moved)],
    ['askedAgain', sum((one) => one.asked_again)],
    ['kept', sum((one) => one.kept)],
    ['openTasks', preview.queues.reduce((total, one) => total + one.open_tasks, 0)],
  ] as const;
  return (
    <Table aria-label={t('change.counts')}>
      <Table.Tbody>
        {rows.map(([word, count]) => (
          <Table.Tr key={word}>
            <Table.Th fw={400}>{t(`change.${word}`)}</Table.Th>
            <Table.Td ta="right" fw={600}>
              {formatCount(count)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Queues({ preview }: { preview: ChangePreview }) {
  const { t } = useTranslation('schema');
  if (preview.queues.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('change.queues')}
      </Text>
      <ul style={{ margin: '4px 0 0', paddingLeft: 20 }}>
        {preview.queues.map((one) => (
          <Text key={one.id} component="li" size="sm">
            {t(
              one.moves ? 'change.queueMoves' : one.n_stale > 0 ? 'change.queueStays' : 'change.auditStays',
              {
                name: one.name,
                version: one.version,
                open: formatCount(one.open_tasks),
                stale: formatCount(one.n_stale),
              },
            )}
          </Text>
        ))}
      </ul>
    </div>
  );
}

interface AgainProps {
  again: ChangePreview['again'];
  version: number;
  checked: boolean;
  disabled: boolean;
  onChange: (checked: boolean) => void;
}

/** The offer to ask what a split leaves without a label. */
function Again({ again, version, checked, disabled, onChange }: AgainProps) {
  const { t } = useTranslation('schema');
  if (again.length === 0) return null;
  const items = again.reduce((total, one) => total + one.items, 0);
  return (
    <Checkbox
      label={t('change.again', { items: formatCount(items), version })}
      description={again
        .map(({ like, redundancy }) =>
          t(like === null ? 'change.againAlone' : 'change.againLike', { name: like, count: redundancy }),
        )
        .join(' ')}
      checked={checked}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** The queues that were made, each with its page. */
function Made({ project, result }: { project: string; result: ChangeResult }) {
  const { t } = useTranslation('schema');
  return (result.asked_again_in ?? []).map(({ queue, name, tasks }) => (
    <Anchor
      key={queue}
      size="sm"
      component={Link}
      to="/p/$project/label/$queue/overview"
      params={{ project, queue } as never}
    >
      {t('change.againMade', { name, tasks: formatCount(tasks) })}
    </Anchor>
  ));
}

/** The dry run: what the change would touch, counted now. Only then may it be made. */
export function ChangeDialog({ project, schema, body, onClose, onMade }: Props) {
  const { t } = useTranslation('schema');
  const [key] = useState(uuid);
  const preview = useQuery({
    queryKey: ['schema-change-preview', project, schema.id, body],
    queryFn: () => previewChange(project, schema.id, body),
    gcTime: 0,
  });
  const [again, setAgain] = useState(true);
  // An item may be asked again only if the dry run said so: nobody agrees to what was not counted.
  const ask = again && (preview.data?.again.length ?? 0) > 0;
  const make = useMutation({
    mutationFn: () => startChange(project, schema.id, { ...body, ask_again: ask }, key),
  });
  const job = useJob(project, make.data?.job ? String(make.data.job.id) : null, [
    ['schemas', project],
    ['schema-changes', project],
    ['queues', project],
  ]);
  const done = job?.state === 'succeeded';
  return (
    <Modal opened onClose={done ? onMade : onClose} title={t('change.title')} size="lg">
      <Stack gap="md">
        {preview.isPending && <TableSkeleton />}
        {preview.error && <ErrorState small error={preview.error} onRetry={() => preview.refetch()} />}
        {preview.data && (
          <>
            <Text size="sm">{t('change.text', { version: schema.version + 1 })}</Text>
            <Labels preview={preview.data} />
            <Queues preview={preview.data} />
            <Again
              again={preview.data.again}
              version={schema.version + 1}
              checked={again}
              disabled={Boolean(make.data)}
              onChange={setAgain}
            />
          </>
        )}
        <FormProblem error={make.error} />
        {job && <JobProgress job={job} />}
        {done && <Made project={project} result={(job.result ?? {}) as ChangeResult} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={done ? onMade : onClose}>
            {t(make.data ? 'change.close' : 'ui.cancel')}
          </Button>
          {!make.data && (
            <Button disabled={!preview.data} loading={make.isPending} onClick={() => make.mutate()}>
              {t('change.make')}
            </Button>
          )}
          {make.data && (
            <Button disabled={!done} loading={!job || isRunning(job)} onClick={onMade}>
              {t('change.show')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
