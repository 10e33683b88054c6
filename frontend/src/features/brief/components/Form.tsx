import { Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { Verdict } from '@/shared/ui/Verdict';
import { type Answers, answersToSend, type Brief, type BriefForm, saveBrief, wordsOf } from '../queries';
import { Decide } from './Decide';
import { FieldInput } from './FieldInput';

interface Props {
  project: string;
  form: BriefForm;
  brief: Brief | null;
  canWrite: boolean;
}

/** The guided form: four sections, saved as a draft, signed or stopped by a named person. */
export function Form({ project, form, brief, canWrite }: Props) {
  const { t, i18n } = useTranslation('brief');
  const client = useQueryClient();
  const [answers, setAnswers] = useState<Answers>(brief?.answers ?? {});
  const [template, setTemplate] = useState(brief?.template ?? '');
  const [changed, setChanged] = useState(false);
  const [deciding, setDeciding] = useState<'sign' | 'stop' | null>(null);
  const save = useMutation({
    mutationFn: () => saveBrief(project, answersToSend(answers), template),
    onSuccess: (current) => {
      client.setQueryData(['brief', project], current);
      setChanged(false);
    },
  });
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  const errorOf = (key: string) => errors[key] ?? errors[`answers.${key}`];
  const kind = form.task_kinds.find((one) => one.key === answers.task_kind);
  const isNeeded = (required: string) =>
    required === 'always' || (required !== '' && kind?.classifies === true);
  const take = (key: string) => {
    const chosen = form.templates.find((one) => one.key === key);
    setTemplate(key);
    if (chosen) setAnswers({ ...chosen.answers });
    setChanged(true);
  };
  const isDraft = brief === null || brief.state === 'draft';
  return (
    <>
      {canWrite && isDraft && (
        <Section title={t('template.title')}>
          <Select
            label={t('template.label')}
            description={t('template.help')}
            data={form.templates.map((one) => ({
              value: one.key,
              label: `${one.key} · ${wordsOf(one, i18n.language)}`,
            }))}
            value={template || null}
            onChange={(value) => value && take(value)}
            maw={420}
          />
        </Section>
      )}
      {form.sections.map((section) => (
        <Section key={section} id={`brief-${section}`} title={t(`section.${section}`)}>
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            {form.fields
              .filter((field) => field.section === section)
              .map((field) => (
                <FieldInput
                  key={field.key}
                  field={field}
                  value={answers[field.key] ?? null}
                  error={errorOf(field.key)}
                  needed={isNeeded(field.required)}
                  disabled={!canWrite}
                  onChange={(value) => {
                    setAnswers({ ...answers, [field.key]: value });
                    setChanged(true);
                  }}
                />
              ))}
          </SimpleGrid>
          {section === 'task' && kind && kind.support !== 'supported' && (
            <Stack mt="md">
              <Verdict tone="warning">
                {t(`support.${kind.support}`, {
                  kind: wordsOf({ en: kind.title_en, ko: kind.title_ko }, i18n.language),
                })}{' '}
                {kind.advice}
              </Verdict>
            </Stack>
          )}
        </Section>
      ))}
      {save.error && <ErrorState error={save.error} small />}
      {canWrite && (
        <Group justify="flex-end" mb="xl">
          <Text size="sm" c="dimmed" role="status">
            {changed ? t('unsaved') : brief && isDraft ? t('saved') : ''}
          </Text>
          <Button
            variant="default"
            onClick={() => save.mutate()}
            loading={save.isPending}
            disabled={isDraft && !changed}
          >
            {t(isDraft ? 'save' : 'newRevision')}
          </Button>
          {brief?.state === 'signed' && !changed && (
            <Button variant="default" onClick={() => setDeciding('stop')}>
              {t('stop.button')}
            </Button>
          )}
          {brief && isDraft && !changed && (
            <>
              <Button variant="default" onClick={() => setDeciding('stop')}>
                {t('stop.button')}
              </Button>
              <Button onClick={() => setDeciding('sign')} disabled={brief.missing.length > 0}>
                {t('sign.button')}
              </Button>
            </>
          )}
        </Group>
      )}
      {deciding && (
        <Decide
          project={project}
          kind={deciding}
          warnings={brief?.warnings ?? []}
          seen={brief?.updated_at ?? null}
          onClose={() => setDeciding(null)}
        />
      )}
    </>
  );
}
