import { Button, Group, MultiSelect, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { QuestionSelect } from '@/shared/questions/QuestionSelect';
import { idOf, type QuestionInUse, useQuestionHere } from '@/shared/questions/useQuestionHere';
import { FormProblem } from '@/shared/ui/FormProblem';
import { useClassesOf } from '../classes';
import { type ItemDetail, settleLabel } from '../queries';

const NONE = ' none';
const CANNOT_TELL = ' cannot tell';

interface FieldProps {
  project: string;
  asked: QuestionInUse;
  /** The answer as the API takes it; null while there is none. */
  onAnswer: (answer: unknown) => void;
}

function ChoiceField({ project, asked, onAnswer }: FieldProps) {
  const { t } = useTranslation('data');
  const { question, pathOf } = useClassesOf(project, asked.schema, asked.question);
  const [keys, setKeys] = useState<string[]>([]);
  const several = asked.kind === 'multiple_choice';
  const classes = (question?.classes ?? [])
    .filter((one) => one.selectable)
    .map((one) => ({ value: one.key, label: pathOf(one.key) }));
  const declined = [
    ...(question?.allow_none ? [{ value: NONE, label: t('answer.none') }] : []),
    ...(question?.allow_cannot_tell ? [{ value: CANNOT_TELL, label: t('answer.cannotTell') }] : []),
  ];
  const choose = (next: string[]) => {
    setKeys(next);
    const [first] = next;
    if (first === undefined) onAnswer(null);
    else if (first === NONE) onAnswer({ none: true });
    else if (first === CANNOT_TELL) onAnswer({ cannot_tell: true });
    else onAnswer(several ? { choices: next } : { choice: first });
  };
  const common = {
    label: t('correct.answer'),
    placeholder: t('correct.placeholder'),
    data: [...declined, ...classes],
    searchable: true,
    limit: 60,
    'data-autofocus': true,
  };
  if (!several)
    return <Select {...common} value={keys[0] ?? null} onChange={(value) => choose(value ? [value] : [])} />;
  return (
    <MultiSelect
      {...common}
      value={keys}
      // "None of these" excludes every class, and the other way round.
      onChange={(next) => {
        const last = next.at(-1);
        const alone = last === NONE || last === CANNOT_TELL;
        choose(alone ? [last] : next.filter((one) => one !== NONE && one !== CANNOT_TELL));
      }}
    />
  );
}

function AnswerField({ project, asked, onAnswer }: FieldProps) {
  const { t } = useTranslation('data');
  const { question } = useClassesOf(project, asked.schema, asked.question);
  if (asked.kind === 'number')
    return (
      <NumberInput
        label={t('correct.answer')}
        suffix={question?.unit ? ` ${question.unit}` : ''}
        {...(typeof question?.min === 'number' && { min: question.min })}
        {...(typeof question?.max === 'number' && { max: question.max })}
        onChange={(value) => onAnswer(value === '' ? null : { number: Number(value) })}
      />
    );
  if (asked.kind === 'text')
    return (
      <TextInput
        label={t('correct.answer')}
        maxLength={question?.max_length}
        onChange={({ currentTarget: { value } }) => onAnswer(value.trim() === '' ? null : { text: value })}
      />
    );
  if (asked.kind === 'shapes') return <Text c="dimmed">{t('correct.shapes')}</Text>;
  return <ChoiceField project={project} asked={asked} onAnswer={onAnswer} />;
}

interface Props {
  project: string;
  item: ItemDetail;
  onDone: () => void;
}

/** A reviewer settles the label by judgement; it stands above any consensus and says why. */
export function CorrectLabel({ project, item, onDone }: Props) {
  const { t } = useTranslation('data');
  const client = useQueryClient();
  const { questions, question: here, choose } = useQuestionHere(project);
  const [chosen, setChosen] = useState<QuestionInUse>();
  const [answer, setAnswer] = useState<unknown>(null);
  const [reason, setReason] = useState('');
  const [idempotencyKey, renew] = useRequestKey();
  // What the item has a label for is what somebody wants to correct, unless the page is about that question anyway.
  const said = (one: QuestionInUse) =>
    item.history.some((old) => old.is_current && old.family === one.family && old.question === one.question);
  const asked = chosen ?? (here && said(here) ? here : (questions.find(said) ?? here));
  const settle = useMutation({
    mutationFn: () =>
      settleLabel(
        project,
        {
          schema: asked?.schema ?? '',
          question: asked?.question ?? '',
          items: [item.sha256],
          answer,
          reason,
        },
        idempotencyKey,
      ),
    onError: renew,
    onSuccess: () => {
      for (const queryKey of [
        ['item', project],
        ['items', project],
        ['item-facets', project],
      ]) {
        void client.invalidateQueries({ queryKey });
      }
      onDone();
    },
  });
  if (!asked) return <Text c="dimmed">{t('correct.noSchema')}</Text>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        settle.mutate();
      }}
    >
      <Stack gap="xs" mb="md">
        {questions.length > 1 && (
          <QuestionSelect
            questions={questions}
            value={asked}
            onChange={(next) => {
              setChosen(next);
              setAnswer(null);
              choose(next);
            }}
          />
        )}
        <AnswerField key={idOf(asked)} project={project} asked={asked} onAnswer={setAnswer} />
        <TextInput
          label={t('correct.reason')}
          description={t('correct.reasonHelp')}
          value={reason}
          maxLength={2000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormProblem error={settle.error} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onDone}>
            {t('ui.cancel')}
          </Button>
          <Button size="xs" type="submit" loading={settle.isPending} disabled={answer === null}>
            {t('correct.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
