import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyOf } from '@/features/annotate/components/KeyOf';
import { FormProblem } from '@/shared/ui/FormProblem';
import type { ReviewEasel } from '../fixing';
import type { Answer, Case } from '../queries';
import styles from '../ReviewPage.module.css';
import { Note } from './Note';
import { ReviewKey } from './ReviewKey';

/** What every correction of a case is given. */
export interface FixProps {
  one: Case;
  easel: ReviewEasel;
  /** Where the tools stand; null where there is no room for a rail, or nothing to draw. */
  rail: HTMLElement | null;
  busy: boolean;
  error: unknown;
  note: string;
  /** Whose shapes are not shown behind. */
  hidden: ReadonlySet<number>;
  onHide: (id: number) => void;
  onNote: (note: string) => void;
  /** True when it is kept. */
  onAccept: (answer: Answer, from: number | null) => Promise<boolean>;
  onLeave: () => void;
}

interface Props extends Pick<FixProps, 'busy' | 'error' | 'note' | 'onNote' | 'onLeave'> {
  /** What is corrected. */
  asked: string;
  /** Beneath that: something that must be known before one goes on. */
  warning?: ReactNode;
  /** Beside what is corrected: the buttons to undo and redo, where they stand nowhere else. */
  undoing?: ReactNode;
  /** Above the buttons: how far it is. */
  standing?: ReactNode;
  ready?: boolean;
  accept: () => void;
  children: ReactNode;
}

/** Around a correction: what it is about, the note, and the way out by accepting or without. */
export function FixFrame(props: Props) {
  const {
    asked,
    warning,
    undoing,
    standing,
    busy,
    error,
    note,
    ready = true,
    accept,
    onNote,
    onLeave,
    children,
  } = props;
  const { t } = useTranslation('review');
  return (
    <section className={styles.fixing} aria-label={t('fixing.title')}>
      <div className={styles.head}>
        <Group gap={0} wrap="nowrap">
          <Text fw={600} flex={1}>
            {t('fixing.title')}
          </Text>
          {undoing}
        </Group>
        <Text size="xs" c="dimmed">
          {asked}
        </Text>
        {warning && (
          <Text size="xs" c="var(--ts-warning)">
            {warning}
          </Text>
        )}
      </div>
      {children}
      <div className={styles.foot}>
        {standing}
        <FormProblem error={error} />
        <Note note={note} onNote={onNote} />
        <Group grow gap="xs">
          <Button
            size="xs"
            loading={busy}
            disabled={!ready}
            rightSection={<KeyOf action="submit" />}
            onClick={accept}
          >
            {t('fixing.accept')}
          </Button>
          <Button size="xs" variant="default" rightSection={<ReviewKey name="leaveFix" />} onClick={onLeave}>
            {t('fixing.leave')}
          </Button>
        </Group>
      </div>
    </section>
  );
}
