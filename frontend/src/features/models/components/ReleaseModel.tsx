import { Autocomplete, Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Light, Verdict } from '@/shared/ui/Verdict';
import styles from '../models.module.css';
import {
  createEndpoint,
  type EndpointDetail,
  endpointQuery,
  endpointsQuery,
  type ModelDetail,
  release,
  rollBack,
} from '../queries';
import { Facts } from './Facts';

function useRefresh(project: string, id: string) {
  const client = useQueryClient();
  return () => {
    for (const queryKey of [
      ['model', project, id],
      ['models', project],
      ['endpoints', project],
      ['endpoint', project],
      ['looks', project],
      ['jobs', project],
    ]) {
      void client.invalidateQueries({ queryKey });
    }
  };
}

function ReleaseForm({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const refresh = useRefresh(project, model.id);
  const { data } = useQuery(endpointsQuery(project));
  const endpoints = data?.results ?? [];
  const [name, setName] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [despite, setDespite] = useState(false);
  const [lookReason, setLookReason] = useState('');
  const [key, renew] = useRequestKey();
  const endpoint = (name ?? endpoints[0]?.name ?? '').trim();
  const known = endpoints.find((one) => one.name === endpoint);
  const passed = model.gate_passed === true;
  const { looks } = model.test_split;
  const looked = looks.some((one) => one.model === model.id);
  const submit = useMutation({
    mutationFn: async () => {
      if (!known) await createEndpoint(project, endpoint, `${key}-endpoint`);
      return release(
        project,
        model.id,
        { endpoint, reason: reason.trim(), despite_gate: despite, test_look_reason: lookReason.trim() },
        key,
      );
    },
    onSettled: (_answer, error) => {
      renew(error);
      refresh();
    },
  });
  const already = known?.model?.id === model.id;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <Stack gap="sm" maw={640}>
        <Autocomplete
          label={t('release.endpoint')}
          description={
            known
              ? known.model
                ? t('release.replaces', { name: `${known.model.line} v${known.model.number}` })
                : t('release.nothingYet')
              : t('release.newEndpoint')
          }
          placeholder="emoji-groups"
          data={endpoints.map((one) => one.name)}
          value={endpoint}
          onChange={setName}
          required
        />
        {!passed && (
          <Checkbox
            label={t('release.despite')}
            description={t('release.despiteHelp')}
            checked={despite}
            onChange={(event) => setDespite(event.currentTarget.checked)}
          />
        )}
        <Textarea
          label={t('release.reason')}
          description={t(despite ? 'release.reasonNeeded' : 'release.reasonHelp')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          autosize
          minRows={1}
          required={despite}
        />
        {looks.length > 0 && !looked && (
          <Textarea
            label={t('release.lookReason')}
            description={t('release.lookReasonHelp', { count: looks.length })}
            value={lookReason}
            onChange={(event) => setLookReason(event.currentTarget.value)}
            autosize
            minRows={1}
          />
        )}
        <FormProblem error={submit.error} />
        <Group>
          <Button
            type="submit"
            loading={submit.isPending}
            disabled={endpoint === '' || already || (!passed && !despite)}
          >
            {t('release.release', { endpoint: endpoint || t('release.endpoint') })}
          </Button>
          {already && (
            <Text size="sm" c="dimmed">
              {t('release.already')}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function RollBack({ project, model, endpoint }: { project: string; model: ModelDetail; endpoint: string }) {
  const { t } = useTranslation('models');
  const refresh = useRefresh(project, model.id);
  const { data } = useQuery(endpointQuery(project, endpoint));
  const [open, modal] = useDisclosure(false);
  const [reason, setReason] = useState('');
  const [key, renew] = useRequestKey();
  const previous = data?.releases.find((one) => one.ended_at === null)?.previous;
  const submit = useMutation({
    mutationFn: () => rollBack(project, model.id, { endpoint, reason: reason.trim() }, key),
    onSuccess: modal.close,
    onSettled: (_answer, error) => {
      renew(error);
      refresh();
    },
  });
  if (!previous)
    return (
      <Text size="sm" c="dimmed">
        {t('release.noEarlier', { endpoint })}
      </Text>
    );
  const before = `${previous.line} v${previous.number}`;
  return (
    <>
      <Button variant="default" color="red" onClick={modal.open}>
        {t('release.rollBack', { endpoint, before })}
      </Button>
      <Modal opened={open} onClose={modal.close} title={t('release.rollBackTitle', { endpoint })}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit.mutate();
          }}
        >
          <Stack gap="sm">
            <Text>{t('release.rollBackText', { endpoint, before, name: model.name })}</Text>
            <Textarea
              label={t('release.whatWentWrong')}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              autosize
              minRows={2}
              required
              data-autofocus
            />
            <FormProblem error={submit.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={modal.close}>
                {t('ui.cancel')}
              </Button>
              <Button type="submit" color="red" loading={submit.isPending} disabled={reason.trim() === ''}>
                {t('release.rollBackVerb', { before })}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  );
}

/** What an endpoint could not answer lately, summed up by reason, with the latest sentence. */
function Unanswered({ errors }: { errors: EndpointDetail['errors_lately'] }) {
  const { t } = useTranslation('models');
  const codes = [...new Set(errors.map((one) => one.code))];
  if (codes.length === 0) return null;
  return (
    <ul className={styles.advice} aria-label={t('release.unanswered')}>
      {codes.map((code) => {
        const those = errors.filter((one) => one.code === code);
        const count = those.reduce((sum, one) => sum + (one.count ?? 0), 0);
        return (
          <li key={code}>
            {t(`release.error.${code}`, { count, defaultValue: `${code}: ${count}` })}{' '}
            <Text span size="xs" c="dimmed">
              {those[0]?.last}
            </Text>
          </li>
        );
      })}
    </ul>
  );
}

/** Releases of one endpoint, the latest first. */
function History({ project, endpoint }: { project: string; endpoint: string }) {
  const { t } = useTranslation('models');
  const { data, error, refetch } = useQuery(endpointQuery(project, endpoint));
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data) return <TableSkeleton rows={2} />;
  return (
    <>
      <Facts
        rows={data.releases.map((one) => [
          <span key="when" className="tabular">
            {formatDateTime(one.created_at)}
          </span>,
          <span key="what">
            <Light tone={one.kind === 'rollback' ? 'warning' : 'good'}>{t(`release.kind.${one.kind}`)}</Light>{' '}
            {[
              `${one.model.line} v${one.model.number}`,
              one.by,
              one.reason,
              one.test_look ? t('release.byLook', { number: one.test_look }) : t('release.noLook'),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>,
        ])}
      />
      <Unanswered errors={data.errors_lately} />
    </>
  );
}

/** Put the model where programs ask, or take it off again. */
export function ReleaseModel({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const here = useProject();
  const { data } = useQuery(endpointsQuery(project));
  return (
    <Section title={t('release.title')}>
      <Verdict tone={model.endpoints.length > 0 ? 'good' : 'unknown'}>
        {model.endpoints.length > 0
          ? t('release.answers', { endpoints: model.endpoints.join(', ') })
          : t('release.answersNowhere')}
      </Verdict>
      <Stack gap="lg">
        {here.is('lead') && <ReleaseForm project={project} model={model} />}
        {here.is('lead') &&
          model.endpoints.map((endpoint) => (
            <div key={endpoint}>
              <RollBack project={project} model={model} endpoint={endpoint} />
            </div>
          ))}
        {(data?.results ?? []).map((one) => (
          <div key={one.name}>
            <Text fw={600} mb={4}>
              {t('release.history', { endpoint: one.name })}
            </Text>
            <History project={project} endpoint={one.name} />
          </div>
        ))}
      </Stack>
    </Section>
  );
}
