import { Text, Textarea } from '@mantine/core';
import { type ReactNode, type RefObject, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Snapshot } from '../state/snapshot';
import styles from '../WorkbenchPage.module.css';
import { AdviceNote } from './AdviceNote';
import type { AnswerHandlers } from './AnswerPanel';
import { RemarkNote } from './RemarkNote';
import { SkipReasons } from './SkipReasons';

interface Props {
  title: ReactNode;
  help?: string | undefined;
  hint: ReactNode;
  snapshot: Snapshot;
  skipping: boolean;
  commenting: boolean;
  commentField: RefObject<HTMLTextAreaElement | null>;
  on: Pick<AnswerHandlers, 'skip' | 'setSkipping' | 'setComment' | 'instructions' | 'hush'>;
  /** What was typed or chosen on an earlier visit is back. */
  restored?: boolean;
  /** The buttons to undo and redo. */
  undoing?: ReactNode;
  children: ReactNode;
  /** Beneath, with the comment. */
  footer: ReactNode;
}

function Notice({ tone, children }: { tone: 'warning' | 'bad'; children: ReactNode }) {
  return (
    <Text
      size="xs"
      c={`var(--ts-${tone})`}
      component="div"
      fw={tone === 'bad' ? 500 : 400}
      {...(tone === 'bad' ? { role: 'alert' } : {})}
    >
      {children}
    </Text>
  );
}

/** The panel beside the item: what is asked, how the answer stands, and in between what answers it. */
export function PanelFrame(props: Props) {
  const { title, help, hint, snapshot, skipping, commenting, commentField, on, children, footer } = props;
  const { t } = useTranslation('annotate');
  const heading = useId();
  const { draft, current, readOnly } = snapshot;
  return (
    <section className={styles.panel} aria-labelledby={heading}>
      {snapshot.advice && (
        <AdviceNote advice={snapshot.advice} onInstructions={on.instructions} onGoOn={on.hush} />
      )}
      {current?.remark && <RemarkNote remark={current.remark} />}
      <div className={styles.head}>
        <div className={styles.question} id={heading}>
          {skipping ? t('skip.title') : title}
          {!skipping && help && (
            <Text size="sm" component="div" fw={400}>
              {help}
            </Text>
          )}
          <Text size="xs" c="dimmed" component="div" fw={400}>
            {skipping ? t('skip.text') : hint}
          </Text>
          {(props.restored ?? snapshot.restored) && <Notice tone="warning">{t('restored')}</Notice>}
          {snapshot.unstored && <Notice tone="bad">{t('unstored')}</Notice>}
          {readOnly && <Notice tone="warning">{t('readOnly')}</Notice>}
        </div>
        {props.undoing}
      </div>
      {skipping ? <SkipReasons onSkip={on.skip} onCancel={() => on.setSkipping(false)} /> : children}
      <div className={styles.answers}>
        {commenting && (
          <Textarea
            ref={commentField}
            size="xs"
            autosize
            minRows={2}
            maxRows={5}
            label={t('comment')}
            value={draft.comment}
            disabled={!current || readOnly}
            onChange={(event) => on.setComment(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
        )}
        {footer}
      </div>
    </section>
  );
}
