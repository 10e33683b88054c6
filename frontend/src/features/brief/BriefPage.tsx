import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import type { Tone } from '@/shared/ui/tone';
import { Verdict } from '@/shared/ui/Verdict';
import { Form } from './components/Form';
import { Hypotheses } from './components/Hypotheses';
import { type Brief, type BriefForm, briefFormQuery, briefQuery, wordsOf } from './queries';

const TONES: Record<Brief['state'], Tone> = { draft: 'warning', signed: 'good', stopped: 'bad' };

function State({ brief, form }: { brief: Brief; form: BriefForm }) {
  const { t, i18n } = useTranslation('brief');
  const names = brief.missing.map((key) => {
    const field = form.fields.find((one) => one.key === key);
    return field ? wordsOf(field, i18n.language) : key;
  });
  return (
    <Verdict tone={TONES[brief.state]}>
      {brief.state === 'draft'
        ? names.length > 0
          ? t('state.missing', { fields: names.join(', ') })
          : t('state.ready')
        : t(`state.${brief.state}`, {
            name: brief.signed_name,
            when: brief.decided_at ? formatDateTime(brief.decided_at) : '',
            reason: brief.decision_reason,
          })}
    </Verdict>
  );
}

export function BriefPage() {
  const { t } = useTranslation('brief');
  const project = useProject();
  const form = useQuery(briefFormQuery(project.slug));
  const current = useQuery(briefQuery(project.slug));
  const error = form.error ?? current.error;
  const brief = current.data?.brief ?? null;
  // A draft on top of a stop changes nothing until somebody signs it.
  const last = current.data?.history.find((one) => one.state !== 'draft');
  const stopped = brief?.state === 'draft' && last?.state === 'stopped' ? last : undefined;
  return (
    <>
      <PageHeader title={t('title')} question={t('question')} />
      {error && (
        <ErrorState
          error={error}
          onRetry={() => {
            form.refetch();
            current.refetch();
          }}
        />
      )}
      {!error && !(form.data && current.data) && <PageSkeleton />}
      {form.data && current.data && (
        <>
          {brief ? (
            <State brief={brief} form={form.data} />
          ) : (
            <Verdict tone="unknown">{t('state.none')}</Verdict>
          )}
          {brief && brief.state !== 'draft' && project.is('lead') && (
            <Text size="sm" c="dimmed" mb="md" maw={640}>
              {t(`after.${brief.state}`)}
            </Text>
          )}
          {stopped && (
            <Verdict tone="bad">
              {t('stillStopped', { name: stopped.signed_name, reason: stopped.decision_reason })}
            </Verdict>
          )}
          <Form
            key={brief ? `${brief.id} ${brief.state}` : 'new'}
            project={project.slug}
            form={form.data}
            brief={brief}
            canWrite={project.is('lead')}
          />
          <Hypotheses project={project.slug} canDecide={project.is('lead')} />
          {current.data.history.length > 0 && (
            <Section title={t('history')}>
              {current.data.history.map((one) => (
                <Text size="sm" key={one.id}>
                  {t('historyLine', {
                    revision: one.revision,
                    state: t(`stateWord.${one.state}`),
                    name: one.signed_name,
                    when: formatDateTime(one.decided_at ?? one.updated_at),
                  })}
                </Text>
              ))}
            </Section>
          )}
        </>
      )}
    </>
  );
}
