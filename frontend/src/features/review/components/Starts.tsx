import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconCopyPlus, IconEye, IconEyeOff, IconReplace } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { shapesOf } from '../answers';
import { colourAt } from '../colours';
import type { GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';

interface Props {
  answers: readonly GivenAnswer[];
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

/** Everybody's shapes, to begin with, to take something from, or to see behind one's own. */
export function Starts({ answers, hidden, disabled, onHide, onStart, onAdd }: Props) {
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
              <span className={styles.count}> · {t('answer.shapes', { count })}</span>
            </Text>
            <Act label={t('start.over', { who })} disabled={disabled} onClick={() => onStart(given)}>
              <IconReplace size={14} />
            </Act>
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
          </li>
        );
      })}
    </ul>
  );
}
