import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconEye, IconEyeOff, IconFlag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { shapesOf } from '../answers';
import { colourAt } from '../colours';
import type { Answer, GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';
import { AnswerKey } from './ReviewKey';

interface Props {
  answers: readonly GivenAnswer[];
  nameOf: (answer: Answer) => string;
  pathOf: (answer: Answer) => string;
  /** Token of the answer that the case was settled with. */
  isSettled: (answer: Answer) => boolean;
  hidden: ReadonlySet<number>;
  disabled: boolean;
  onAccept: (answer: Answer) => void;
  onHide: (id: number) => void;
  onReturn: (id: number) => void;
}

function Card({ given, place, ...props }: Omit<Props, 'answers'> & { given: GivenAnswer; place: number }) {
  const { t } = useTranslation('review');
  const { nameOf, pathOf, isSettled, hidden, disabled, onAccept, onHide, onReturn } = props;
  const drawn = shapesOf(given.answer).length > 0;
  const path = pathOf(given.answer);
  const out = hidden.has(given.id);
  const who = `${given.pseudonym} (${t(`kind.${given.kind}`, { defaultValue: given.kind })})`;
  return (
    <li className={styles.card} data-chosen={isSettled(given.answer)}>
      <button
        type="button"
        className={styles.accept}
        disabled={disabled}
        onClick={() => onAccept(given.answer)}
      >
        <span className={styles.swatch} style={{ background: colourAt(place) }} aria-hidden="true" />
        <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <strong style={{ fontWeight: 600 }}>{nameOf(given.answer)}</strong>
          {path && <span className={styles.soft}>{path}</span>}
          <span className={styles.soft}>
            {who}
            {given.round > 1 && ` · ${t('again', { n: given.round })}`}
          </span>
          {(given.comment || given.flagged) && (
            <span className={styles.soft}>
              {given.flagged && <IconFlag size={12} aria-label={t('flagged')} />} {given.comment}
            </span>
          )}
        </span>
        <AnswerKey place={place + 1} />
      </button>
      {drawn && (
        <Tooltip label={t(out ? 'show' : 'hide', { who: given.pseudonym })}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t(out ? 'show' : 'hide', { who: given.pseudonym })}
            onClick={() => onHide(given.id)}
          >
            {out ? <IconEyeOff size={16} /> : <IconEye size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={t('sendBackOf', { who: given.pseudonym })}>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={disabled}
          aria-label={t('sendBackOf', { who: given.pseudonym })}
          onClick={() => onReturn(given.id)}
        >
          <IconArrowBackUp size={16} />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}

/** The labels of all annotators side by side: one key each accepts. */
export function AnswerCards(props: Props) {
  const { t } = useTranslation('review');
  const { answers, ...rest } = props;
  if (answers.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('noAnswers')}
      </Text>
    );
  }
  return (
    <ul className={styles.cards} aria-label={t('cards')}>
      {answers.map((given, place) => (
        <Card key={given.id} given={given} place={place} {...rest} />
      ))}
    </ul>
  );
}
