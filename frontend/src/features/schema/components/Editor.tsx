import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { questionsQuery } from '@/shared/questions/useQuestionHere';
import {
  addClass,
  addQuestion,
  classesAfter,
  type Draft,
  documentOf,
  draftOf,
  isChanged,
  moveClass,
  moveQuestion,
  operate,
  removeClass,
  removeQuestion,
  withClass,
  withoutOperation,
  withQuestion,
} from '../model/draft';
import { hasClasses } from '../model/types';
import type { Schema } from '../queries';
import styles from '../SchemaPage.module.css';
import { useSchemaActions } from '../useSchemaActions';
import { useWarning } from '../useWarning';
import { ChangeDialog } from './ChangeDialog';
import { ClassFields, type OperationKind } from './ClassFields';
import { ClassTree } from './ClassTree';
import { NewDialog } from './NewDialog';
import { OperationDialog } from './OperationDialog';
import { Pending } from './Pending';
import { Preview, type Trial } from './Preview';
import { QuestionFields } from './QuestionFields';
import { Questions } from './Questions';
import { ShapeParts } from './ShapeParts';

interface Props {
  project: string;
  schema: Schema;
  /** An older version, or somebody who may only look. */
  readOnly: boolean;
  Trial: Trial;
  /** The draft of a schema that is not there yet: it is made, not changed. */
  first?: Draft;
  onMade: (id?: string) => void;
}

function useDraft(schema: Schema, first: Draft | undefined) {
  const base = schema.document.questions;
  const [draft, setDraft] = useState<Draft>(() => first ?? draftOf(base));
  const [asked, setAsked] = useState(draft.questions[0]?.key ?? '');
  const [chosen, setChosen] = useState<string | null>(null);
  const question = draft.questions.find((one) => one.key === asked) ?? draft.questions[0];
  const { operations } = draft;
  const classes = useMemo(() => (question ? classesAfter(question, operations) : []), [question, operations]);
  const kept = useMemo(
    () => new Map(base.map((one) => [one.key, new Set(one.classes.map(({ key }) => key))])),
    [base],
  );
  return { base, draft, setDraft, asked, setAsked, chosen, setChosen, question, classes, kept };
}

/** The next version of a schema: edited on the left, met on the right, counted before it is made. */
export function Editor({ project, schema, readOnly, Trial, first, onMade }: Props) {
  const { t } = useTranslation('schema');
  const state = useDraft(schema, first);
  const { base, draft, setDraft, setAsked, chosen, setChosen, question, classes, kept } = state;
  const [operation, setOperation] = useState<OperationKind | null>(null);
  const [checking, check] = useDisclosure(false);
  const one = classes.find((found) => found.key === chosen);
  const own = question?.classes.some((found) => found.key === chosen) ?? false;
  const fresh = question !== undefined && one !== undefined && !kept.get(question.key)?.has(one.key);
  const { data: inUse } = useQuery({ ...questionsQuery(project), enabled: !readOnly });
  const labelled = new Set(
    (inUse ?? [])
      .filter((row) => row.family === schema.family && row.n_labels > 0)
      .map((row) => row.question),
  );
  const add = (parent: string | null) => {
    if (!question) return;
    const [next, key] = addClass(draft, question.key, t('class.fresh'), parent);
    setDraft(next);
    setChosen(key);
  };
  const changed = isChanged(draft, base);
  useWarning(changed && !readOnly);
  const removeOne = () => {
    if (!question || !one) return;
    setDraft(removeClass(draft, question.key, one.key));
    setChosen(null);
  };
  const editable = !readOnly && own && one !== undefined && !one.retired;
  useSchemaActions({
    open: !readOnly && question !== undefined && hasClasses(question.kind),
    chosen: !editable ? 'none' : fresh ? 'fresh' : 'kept',
    changed,
    add: () => add(null),
    remove: removeOne,
    operate: setOperation,
    check: check.open,
  });
  if (!question) return null;
  const move = (key: string, step: 1 | -1) => setDraft(moveClass(draft, question.key, key, step));
  return (
    <Stack gap="md">
      <Questions
        questions={draft.questions}
        selected={question.key}
        labelled={labelled}
        readOnly={readOnly}
        onSelect={(key) => {
          setAsked(key);
          setChosen(null);
        }}
        onAdd={(kind, title) => {
          const [next, key] = addQuestion(draft, kind, title);
          setDraft(next);
          setAsked(key);
          setChosen(null);
        }}
        onMove={(step) => setDraft(moveQuestion(draft, question.key, step))}
        onRemove={() => {
          const next = removeQuestion(draft, question.key);
          setDraft(next);
          setAsked(next.questions[0]?.key ?? '');
          setChosen(null);
        }}
      />
      {changed && (
        <Pending
          draft={draft}
          edited={isChanged({ ...draft, operations: [] }, base)}
          onTakeBack={(at) => setDraft(withoutOperation(draft, at))}
          onDiscard={() => {
            if (first) return onMade();
            setDraft(draftOf(base));
            setAsked(base[0]?.key ?? '');
            setChosen(null);
          }}
          isNew={first !== undefined}
          onCheck={check.open}
        />
      )}
      <div className={styles.columns}>
        <Stack gap="sm">
          <QuestionFields
            key={question.key}
            question={question}
            earlier={draft.questions.slice(
              0,
              draft.questions.findIndex((found) => found.key === question.key),
            )}
            readOnly={readOnly}
            onChange={(patch) => setDraft(withQuestion(draft, question.key, patch))}
          />
          {hasClasses(question.kind) && (
            <>
              <ClassTree
                classes={classes}
                selected={chosen}
                readOnly={readOnly}
                onSelect={setChosen}
                onMove={move}
              />
              {!readOnly && (
                <Button
                  variant="default"
                  leftSection={<IconPlus size={16} />}
                  style={{ alignSelf: 'flex-start' }}
                  onClick={() => add(null)}
                >
                  {t('class.add')}
                </Button>
              )}
            </>
          )}
        </Stack>
        {hasClasses(question.kind) &&
          (one ? (
            <ClassFields
              key={`${question.key}/${one.key}`}
              one={one}
              classes={classes}
              fresh={fresh}
              readOnly={readOnly || !own}
              onChange={(patch) => setDraft(withClass(draft, question.key, one.key, patch))}
              onMove={(step) => move(one.key, step)}
              onAddBelow={() => add(one.key)}
              onRemove={removeOne}
              onOperate={setOperation}
            />
          ) : (
            <Text size="sm" c="dimmed">
              {t('class.none')}
            </Text>
          ))}
        <Preview draft={draft} shown={question.key} Trial={Trial} />
      </div>
      {question.kind === 'shapes' && (
        <ShapeParts
          key={question.key}
          question={question}
          before={base.find((found) => found.key === question.key)}
          readOnly={readOnly}
          onChange={(patch) => setDraft(withQuestion(draft, question.key, patch))}
        />
      )}
      {operation && one && (
        <OperationDialog
          kind={operation}
          one={one}
          question={question.key}
          classes={classes}
          onClose={() => setOperation(null)}
          onDone={(done) => {
            setDraft(operate(draft, done));
            setOperation(null);
          }}
        />
      )}
      {checking && first && (
        <NewDialog
          project={project}
          name={schema.name}
          document={documentOf(draft)}
          onClose={check.close}
          onMade={onMade}
        />
      )}
      {checking && !first && (
        <ChangeDialog
          project={project}
          schema={schema}
          body={{ name: schema.name, document: documentOf(draft), operations: draft.operations }}
          onClose={check.close}
          onMade={onMade}
        />
      )}
    </Stack>
  );
}
