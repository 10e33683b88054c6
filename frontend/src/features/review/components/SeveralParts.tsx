import { Button, Radio, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askedNow } from '@/features/annotate/several/conditions';
import { pathsOf } from '@/features/annotate/shapes/question';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { formatPercent } from '@/shared/format';
import { counted, optionsOf, token } from '../answers';
import type { Answer, Case, ReviewSchema } from '../queries';
import { useAnswerName } from '../useAnswerName';

interface Props {
  one: Case;
  schema: ReviewSchema;
  index: ClassIndex;
  busy: boolean;
  onSettle: (answer: Answer) => void;
}

/** The different answers to one question, the one that most people gave first. */
function partsOf(one: Case, key: string): { token: string; answer: Answer; n: number }[] {
  const found = new Map<string, { token: string; answer: Answer; n: number }>();
  for (const { answer } of counted(one)) {
    const part = answer.answers?.[key];
    if (!part) continue;
    const name = token(part);
    found.set(name, { token: name, answer: part, n: (found.get(name)?.n ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.n - a.n);
}

/** Of several questions each may be right by another person: the reviewer puts the answer together. */
export function SeveralParts({ one, schema, index, busy, onSettle }: Props) {
  const { t, i18n } = useTranslation('review');
  const { language } = i18n;
  const nameOf = useAnswerName(schema, index);
  // What a consensus has settled is filled in; only the rest is asked.
  const known = one.estimate?.answer.answers;
  const leading = (one.answer ?? one.estimate?.answer ?? optionsOf(one)[0]?.answer)?.answers;
  const left = one.answer ? [] : one.disputed;
  const sure = new Map(one.estimate?.parts.map((part) => [part.question, part.posterior]));
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const questions = useMemo(
    () =>
      (schema.asked ?? []).map(({ question, classes }) => ({
        question,
        above: pathsOf(classes),
        index: new ClassIndex(classes, language),
        parts: withConsensus(partsOf(one, question.key), known?.[question.key]),
      })),
    [schema, one, known, language],
  );
  const answers: Record<string, Answer> = {};
  for (const { question, parts } of questions) {
    const said = leading?.[question.key];
    const wanted = chosen[question.key] ?? (said ? token(said) : '');
    const part = parts.find((other) => other.token === wanted) ?? parts[0];
    if (part) answers[question.key] = part.answer;
  }
  const classesOf = (key: string): string[] => {
    const { classes = [], shapes = [] } = answers[key] ?? {};
    return [...classes, ...shapes.flatMap((shape) => (shape as { class?: string }).class ?? [])];
  };
  const asked = askedNow(questions, classesOf);
  const open = questions.filter(({ question: { key }, parts }) => {
    if (!asked.includes(key) || parts.length === 0) return false;
    return left.length > 0 ? left.includes(key) || !known?.[key] : parts.length > 1;
  });
  if (open.length === 0) return null;
  const missing = asked.some((key) => !answers[key]);
  const settle = () =>
    onSettle({
      kind: 'answers',
      answers: Object.fromEntries(asked.map((key) => [key, answers[key] as Answer])),
    });
  const filled = known !== undefined && asked.some((key) => known[key] && !left.includes(key));
  return (
    <Stack gap="xs">
      <Text size="sm">{t(left.length > 0 && filled ? 'parts.only' : 'parts.text')}</Text>
      {open.map(({ question, index: own, parts }) => (
        <Radio.Group
          key={question.key}
          label={question.titles?.[language] ?? question.title}
          description={
            sure.has(question.key)
              ? t('parts.sure', { probability: formatPercent(sure.get(question.key) ?? 0, 0) })
              : undefined
          }
          value={token(answers[question.key] as Answer)}
          onChange={(value) => setChosen((before) => ({ ...before, [question.key]: value }))}
        >
          <Stack gap={4} mt={4}>
            {parts.map((part) => (
              <Radio
                key={part.token}
                value={part.token}
                disabled={busy}
                label={t(part.n > 0 ? 'parts.said' : 'parts.together', {
                  words: wordsOf(part.answer, own, nameOf),
                  count: part.n,
                })}
              />
            ))}
          </Stack>
        </Radio.Group>
      ))}
      {missing && (
        <Text size="xs" c="var(--ts-warning)">
          {t('parts.missing')}
        </Text>
      )}
      <Button size="xs" variant="light" disabled={busy || missing} onClick={settle}>
        {t('parts.settle')}
      </Button>
    </Stack>
  );
}

/** Several classes that nobody chose just so can be what the consensus makes of them. */
function withConsensus(parts: ReturnType<typeof partsOf>, known: Answer | undefined): typeof parts {
  if (!known || parts.some((part) => part.token === token(known))) return parts;
  return [{ token: token(known), answer: known, n: 0 }, ...parts];
}

/** Classes by the question's own names. */
function wordsOf(answer: Answer, own: ClassIndex, nameOf: (answer: Answer) => string): string {
  if (answer.kind !== 'class') return nameOf(answer);
  return (answer.classes ?? []).map((key) => own.get(key)?.name ?? key).join(', ');
}
