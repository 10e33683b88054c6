import { Button, Group, Switch, Text } from '@mantine/core';
import { type RefObject, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { wholeOf } from '@/sync/pictures';
import type { Question } from '../types';
import type { GridHandle } from '../useGrid';
import styles from '../WorkbenchPage.module.css';
import { ClassPanel } from './ClassPanel';
import gridStyles from './GridView.module.css';
import { KeyOf } from './KeyOf';
import { SkipReasons } from './SkipReasons';

interface Props {
  question: Question;
  index: ClassIndex;
  handle: GridHandle;
  skipping: boolean;
  setSkipping: (skipping: boolean) => void;
  search: RefObject<HTMLInputElement | null>;
  /** Null where no model may be asked. */
  asking: boolean | null;
  setAsking: (asking: boolean) => void;
  onSubmit: () => void;
}

/** The question, a closer look at one picture, and what the keys do to the selection. */
export function GridPanel(props: Props) {
  const { question, index, handle, skipping, setSkipping, search, asking, setAsking, onSubmit } = props;
  const { t, i18n } = useTranslation('annotate');
  const heading = useId();
  const { grid, targets, items, model, suggestions } = handle;
  const first = targets[0];
  const answer = first === undefined ? undefined : grid.marks.get(first);
  const here = items.get(grid.page[grid.cursor] ?? -1);
  const look = here ? (wholeOf(here) ?? here.thumbnail_url) : null;
  const none = targets.length === 0;
  const confirmable = targets.filter((task) => suggestions.has(task)).length;
  return (
    <section className={styles.panel} aria-labelledby={heading}>
      {look && <img className={gridStyles.look} src={look} alt={here?.name} />}
      <div className={styles.question} id={heading}>
        {skipping ? t('skip.title') : (question.titles?.[i18n.language] ?? question.title)}
        <Text size="xs" c="dimmed" component="div" fw={400} aria-live="polite">
          {t('grid.applies', { count: targets.length })}
        </Text>
        {handle.snapshot.unstored && (
          <Text size="xs" c="var(--ts-bad)" component="div" fw={500} role="alert">
            {t('unstored')}
          </Text>
        )}
      </div>
      {skipping ? (
        <SkipReasons
          onSkip={(reason) => {
            setSkipping(false);
            void handle.skip(reason);
          }}
          onCancel={() => setSkipping(false)}
        />
      ) : (
        <ClassPanel
          index={index}
          chosen={answer?.kind === 'class' ? answer.classes : []}
          disabled={none}
          multiple={question.kind === 'multiple_choice'}
          search={search}
          onPick={(key) => handle.pick(key)}
        />
      )}
      <div className={styles.answers}>
        {asking !== null && (
          <>
            <Switch
              size="xs"
              label={t('grid.ask')}
              checked={asking}
              onChange={(event) => setAsking(event.currentTarget.checked)}
            />
            {asking && (
              <Text size="xs" c="dimmed">
                {model === null ? t('grid.noModel') : t('grid.askText', { model: model?.name ?? '…' })}
              </Text>
            )}
            {asking && model && (
              <Button
                size="xs"
                variant="default"
                disabled={confirmable === 0}
                onClick={handle.confirm}
                rightSection={<KeyOf action="gridConfirm" />}
              >
                {t('grid.confirm', { count: confirmable })}
              </Button>
            )}
          </>
        )}
        {(question.allow_none || question.allow_cannot_tell) && (
          <Group gap={8} grow>
            {question.allow_none && (
              <Button
                size="xs"
                variant="default"
                disabled={none}
                onClick={() => handle.answer({ kind: 'none_of_these' })}
                rightSection={<KeyOf action="none" />}
              >
                {t('none')}
              </Button>
            )}
            {question.allow_cannot_tell && (
              <Button
                size="xs"
                variant="default"
                disabled={none}
                onClick={() => handle.answer({ kind: 'cannot_tell' })}
                rightSection={<KeyOf action="cannotTell" />}
              >
                {t('cannotTell')}
              </Button>
            )}
          </Group>
        )}
        <Button disabled={grid.marks.size === 0} onClick={onSubmit} rightSection={<KeyOf action="submit" />}>
          {t('grid.submit', { count: grid.marks.size })}
        </Button>
      </div>
    </section>
  );
}
