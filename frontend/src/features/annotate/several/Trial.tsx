import { Text } from '@mantine/core';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttributeValue } from '@/engine/model/shapes';
import type { ToolName } from '@/engine/tools/tool';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { ClassPanel } from '../components/ClassPanel';
import { isFieldQuestion, readField } from '../fields/checkField';
import { AttributeField } from '../shapes/AttributeField';
import { attributesFor, isShapesQuestion, pathsOf, type ShapesQuestion, toolsFor } from '../shapes/question';
import { Tools } from '../shapes/Tools';
import type { Asked, Question } from '../types';
import { QuestionBlock } from './QuestionBlock';
import styles from './Several.module.css';
import type { Gap, Part, Sheet } from './Sheet';
import { useTrialSheet } from './useTrialSheet';

const ignore = () => undefined;
/** By the classes, so that an edit of one question does not sort the ten thousand of another anew. */
const indexes = new WeakMap<Asked['classes'], { language: string; index: ClassIndex }>();

function indexOf(classes: Asked['classes'], language: string): ClassIndex {
  const known = indexes.get(classes);
  if (known?.language === language) return known.index;
  const index = new ClassIndex(classes, language);
  indexes.set(classes, { language, index });
  return index;
}

/** What is wrong with what was typed, at once: here nothing is sent that could be refused. */
function gapOf(question: Question, part: Part | undefined): Gap | undefined {
  if (!isFieldQuestion(question) || part?.kind !== 'typed') return undefined;
  const read = readField(question, part.text);
  return typeof read === 'string' && read !== 'empty' ? read : undefined;
}

interface DrawingProps {
  sheet: Sheet;
  question: ShapesQuestion;
  classes: Asked['classes'];
  index: ClassIndex;
}

/** Tools, classes and what is asked of each shape. The class at hand counts as drawn. */
function Drawing({ sheet, question, classes, index }: DrawingProps) {
  const tools = toolsFor(question, false);
  const [held, setHeld] = useState<ToolName>('select');
  const [chosen, setChosen] = useState('');
  const [values, setValues] = useState<Record<string, AttributeValue>>({});
  const search = useRef<HTMLInputElement>(null);
  const drawn = classes.some((one) => one.key === chosen) ? chosen : '';
  useEffect(() => sheet.drew(question.key, drawn ? [drawn] : [], drawn !== ''), [sheet, question.key, drawn]);
  const asked = drawn ? attributesFor(question, drawn, pathsOf(classes)(drawn)) : [];
  return (
    <>
      <Tools
        flat
        tools={tools}
        tool={tools.includes(held) ? held : 'select'}
        disabled={false}
        onUse={setHeld}
      />
      <ClassPanel
        embedded
        keyed={false}
        index={index}
        chosen={drawn ? [drawn] : []}
        disabled={false}
        multiple={false}
        search={search}
        onPick={setChosen}
      />
      {asked.map((one) => (
        <AttributeField
          key={one.key}
          about={one}
          value={values[one.key]}
          disabled={false}
          onChange={(value) => setValues({ ...values, [one.key]: value })}
        />
      ))}
    </>
  );
}

interface Props {
  asked: readonly Asked[];
  /** Key of the question that is being written: it is brought into sight. */
  shown: string;
  /** What is said where the answers so far do not lead to it. */
  notAsked: string;
}

/** All questions as the workbench asks them, to be tried out while they are written. Nothing of it is kept or sent. */
export function Trial(props: Props) {
  const sheet = useTrialSheet(props.asked);
  return sheet && <Questions {...props} sheet={sheet} />;
}

function Questions({ asked, shown, notAsked, sheet }: Props & { sheet: Sheet }) {
  const { i18n } = useTranslation();
  const state = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  const panel = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const leads = state.asked.includes(shown);
  useEffect(() => {
    if (!leads) return;
    sheet.activate(shown, false);
    const block = panel.current?.querySelector(`[data-question="${shown}"]`);
    block?.scrollIntoView?.({ block: 'nearest' });
  }, [sheet, shown, leads]);
  return (
    <div ref={panel} className={styles.sheet}>
      {asked
        .filter(({ question }) => state.asked.includes(question.key))
        .map(({ question, classes }) => {
          const index = indexOf(classes, i18n.language);
          return (
            <QuestionBlock
              key={question.key}
              sheet={sheet}
              question={question}
              index={index}
              part={state.parts[question.key]}
              gap={gapOf(question, state.parts[question.key])}
              active={state.active === question.key}
              disabled={false}
              search={search}
              onSubmit={ignore}
              drawing={
                isShapesQuestion(question) && (
                  <Drawing sheet={sheet} question={question} classes={classes} index={index} />
                )
              }
            />
          );
        })}
      {!leads && notAsked && (
        <Text size="sm" c="dimmed" p={8} role="status">
          {notAsked}
        </Text>
      )}
    </div>
  );
}
