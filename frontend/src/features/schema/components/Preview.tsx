import { Text } from '@mantine/core';
import { type ComponentType, Suspense, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabelClass } from '@/shared/classes/LabelClass';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { classesAfter, type Draft } from '../model/draft';
import { nameIn } from '../model/tree';
import type { SchemaQuestion } from '../model/types';
import styles from '../SchemaPage.module.css';

/** A question as the server tells it to a workbench. */
export interface AskedQuestion {
  question: Omit<SchemaQuestion, 'title' | 'classes'> & { title: string; titles: Record<string, string> };
  classes: LabelClass[];
}

/** The questions as the workbench asks them, as the application hands it in. */
export type Trial = ComponentType<{ asked: readonly AskedQuestion[]; shown: string; notAsked: string }>;

interface Props {
  draft: Draft;
  /** Key of the question that is being edited. */
  shown: string;
  Trial: Trial;
}

function toAsked(one: SchemaQuestion, operations: Draft['operations']): AskedQuestion {
  const { classes: _, title, ...question } = one;
  const classes = classesAfter(one, operations).filter(({ retired }) => !retired);
  return {
    question: { ...question, title: title.en ?? one.key, titles: title },
    classes: classes.map((found) => ({ ...found, name: found.names.en || found.key })),
  };
}

/** Only questions that an edit touched are told anew. */
function useAsked({ questions, operations }: Draft): readonly AskedQuestion[] {
  const known = useRef({ operations, asked: new Map<SchemaQuestion, AskedQuestion>() });
  const whole = useRef<readonly AskedQuestion[]>([]);
  const before = known.current.operations === operations ? known.current.asked : new Map();
  const asked = new Map(questions.map((one) => [one, before.get(one) ?? toAsked(one, operations)] as const));
  known.current = { operations, asked };
  const next = [...asked.values()];
  const same = next.length === whole.current.length && next.every((one, at) => one === whole.current[at]);
  if (!same) whole.current = next;
  return whole.current;
}

/** How an annotator will meet the questions, in the very parts of the workbench: to be tried out, nothing is kept. */
export function Preview({ draft, shown, Trial }: Props) {
  const { t, i18n } = useTranslation('schema');
  const asked = useAsked(draft);
  const say = (key: string | undefined) => {
    const one = draft.questions.find((found) => found.key === key);
    return one ? nameIn(one.title, i18n.language) || one.key : '';
  };
  const when = draft.questions.find((one) => one.key === shown)?.when;
  return (
    <section className={styles.preview} aria-label={t('preview.title')}>
      <div className={styles.previewHead}>
        <Text size="xs" c="dimmed">
          {t('preview.title')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('preview.try')}
        </Text>
      </div>
      <Suspense fallback={<TableSkeleton />}>
        <Trial
          asked={asked}
          shown={shown}
          notAsked={when ? t('preview.notAsked', { question: say(shown), earlier: say(when.question) }) : ''}
        />
      </Suspense>
    </section>
  );
}
