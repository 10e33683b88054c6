import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconCopyPlus, IconEye, IconEyeOff, IconReplace } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shapesOf } from '../answers';
import { colourAt } from '../colours';
import type { Answer, GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';

interface Props {
  answers: readonly GivenAnswer[];
  /** What somebody said, in words, where there is more to it than shapes. */
  nameOf?: (answer: Answer) => string;
  /** Shapes are among what is asked. */
  draws?: boolean;
  hidden: ReadonlySet<number>;
  disabled: boolean;
  onHide: (id: number) => void;
  /** Puts somebody's shapes in the place of what is drawn, or beside it. */
  onStart: (given: GivenAnswer) => void;
  onAdd: (given: GivenAnswer) => void;
}

function Act({
  label,
  ...props
}: {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={24} variant="subtle" color="gray" aria-label={label} {...props} />
    </Tooltip>
  );
}

/** Everybody's answers, to begin with, to take something from, or to see behind one's own. */
export function Starts(props: Props) {
  const { answers, nameOf, draws = true, hidden, disabled, onHide, onStart, onAdd } = props;
  const { t } = useTranslation('review');
  return (
    <ul className={styles.starts} aria-label={t('cards')}>
      {answers.map((given, place) => {
        const who = given.pseudonym;
        const count = shapesOf(given.answer).length;
        const out = hidden.has(given.id);
        return (
          <li key={given.id}>
            <span className={styles.swatch} style={{ background: colourAt(place) }} aria-hidden="true" />
            <Text size="xs" component="span" truncate>
              {who}
              <span className={styles.count}>
                {' '}
                · {nameOf?.(given.answer) ?? t('answer.shapes', { count })}
              </span>
            </Text>
            <Act
              label={t(nameOf ? 'start.answers' : 'start.over', { who })}
              disabled={disabled}
              onClick={() => onStart(given)}
            >
              <IconReplace size={14} />
            </Act>
            {draws && (
              <>
                <Act
                  label={t('start.add', { who })}
                  disabled={disabled || count === 0}
                  onClick={() => onAdd(given)}
                >
                  <IconCopyPlus size={14} />
                </Act>
                <Act
                  label={t(out ? 'show' : 'hide', { who })}
                  disabled={count === 0}
                  onClick={() => onHide(given.id)}
                >
                  {out ? <IconEyeOff size={14} /> : <IconEye size={14} />}
                </Act>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
