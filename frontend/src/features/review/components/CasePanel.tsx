import { Button, Group, Text, Textarea } from '@mantine/core';
import { IconFlag } from '@tabler/icons-react';
import { type RefObject, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { formatAgo, formatPercent } from '@/shared/format';
import { classColour } from '@/shared/ui/classColour';
import { FormProblem } from '@/shared/ui/FormProblem';
import { KeyCap } from '@/shared/ui/KeyCap';
import { Verdict } from '@/shared/ui/Verdict';
import { type Option, optionsOf, token } from '../answers';
import type { Answer, Case, ReviewSchema } from '../queries';
import styles from '../ReviewPage.module.css';
import { ClassSearch } from './ClassSearch';
import { SeveralClasses } from './SeveralClasses';

interface Props {
  one: Case;
  schema: ReviewSchema;
  index: ClassIndex;
  busy: boolean;
  error: unknown;
  note: string;
  search: RefObject<HTMLInputElement | null>;
  onNote: (note: string) => void;
  onSettle: (answer: Answer) => void;
}

export function useAnswerName(index: ClassIndex): (answer: Answer) => string {
  const { t } = useTranslation('review');
  return (answer) => {
    if (answer.kind !== 'class') return t(`answer.${answer.kind}`);
    return (answer.classes ?? []).map((key) => index.get(key)?.name ?? key).join(', ');
  };
}

function OptionButton({
  option,
  at,
  chosen,
  name,
  path,
  order,
  disabled,
  onSettle,
}: {
  option: Option;
  at: number;
  chosen: boolean;
  name: string;
  path: string;
  order: readonly string[];
  disabled: boolean;
  onSettle: (answer: Answer) => void;
}) {
  const { t } = useTranslation('review');
  const { answer, given, probability } = option;
  const colour =
    answer.kind === 'class' ? classColour(answer.classes?.[0] ?? '', order) : 'var(--ts-unknown)';
  return (
    <button
      type="button"
      className={styles.option}
      data-leading={at === 0}
      data-chosen={chosen}
      disabled={disabled}
      onClick={() => onSettle(answer)}
    >
      <span className={styles.swatch} style={{ background: colour }} aria-hidden="true" />
      <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <strong style={{ fontWeight: 600 }}>{name}</strong>
        {path && (
          <Text size="xs" c="dimmed" component="span" style={{ display: 'block' }}>
            {path}
          </Text>
        )}
      </span>
      <span style={{ display: 'inline-flex', gap: 6, alignItems: 'center' }} className="tabular">
        {probability !== null && formatPercent(probability, 0)}
        {at < 9 && <KeyCap sequence={at === 0 ? 'Enter' : `Digit${at + 1}`} />}
      </span>
      <span className={styles.who}>
        {given.length === 0
          ? t('nobodySaid')
          : `${t('said', { count: given.length })}: ${given
              .map((one) => `${one.pseudonym} (${t(`kind.${one.kind}`, { defaultValue: one.kind })})`)
              .join(', ')}`}
      </span>
    </button>
  );
}

/** What everybody said, the leading answer first, and every way to settle it. */
export function CasePanel(props: Props) {
  const { one, schema, index, busy, error, note, search, onNote, onSettle } = props;
  const { t, i18n } = useTranslation('review');
  const nameOf = useAnswerName(index);
  const { question } = schema.queue;
  const options = optionsOf(one);
  const order = useMemo(() => index.entries.filter((e) => e.selectable).map((e) => e.key), [index]);
  const remarks = one.answers.filter(
    (given) => given.comment || given.flagged || given.answer.kind === 'skip',
  );
  const several = question.kind === 'multiple_choice';
  const [chosen, setChosen] = useState<readonly string[]>((one.answer ?? options[0]?.answer)?.classes ?? []);
  const named = options.flatMap((option) => option.answer.classes ?? []);
  const settled = one.answer ? token(one.answer) : null;
  return (
    <section className={styles.panel} aria-label={t('panel')}>
      <div>
        <Text fw={600}>{question.titles?.[i18n.language] ?? question.title}</Text>
        <Text size="xs" c="dimmed">
          {[
            t(`reason.${one.reason}`, { defaultValue: one.reason }),
            one.queue_name,
            formatAgo(one.created_at),
          ].join(' · ')}
        </Text>
      </div>
      {one.answer && (
        <div style={{ marginBottom: -12 }}>
          <Verdict tone="good">
            {t('settledAs', { answer: nameOf(one.answer), by: one.settled_by ?? t('somebody') })}
          </Verdict>
        </div>
      )}
      {options.map((option, at) => (
        <OptionButton
          key={option.token}
          option={option}
          at={at}
          chosen={option.token === settled}
          name={nameOf(option.answer)}
          path={
            option.answer.kind === 'class'
              ? (index.get(option.answer.classes?.[0] ?? '')?.path ?? []).join(' › ')
              : ''
          }
          order={order}
          disabled={busy}
          onSettle={onSettle}
        />
      ))}
      {!one.estimate && (
        <Text size="xs" c="dimmed">
          {t('noEstimate')}
        </Text>
      )}
      <ClassSearch
        index={index}
        field={search}
        disabled={busy}
        onPick={(key) =>
          several
            ? setChosen((before) => [...new Set([...before, key])])
            : onSettle({ kind: 'class', classes: [key] })
        }
      />
      {several && (
        <SeveralClasses
          index={index}
          offered={[...new Set([...named, ...chosen])]}
          chosen={chosen}
          disabled={busy}
          onChange={setChosen}
          onSettle={() => onSettle({ kind: 'class', classes: [...chosen] })}
        />
      )}
      <Group grow gap="xs">
        {question.allow_none && (
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            rightSection={<KeyCap sequence="KeyN" />}
            onClick={() => onSettle({ kind: 'none_of_these' })}
          >
            {t('answer.none_of_these')}
          </Button>
        )}
        {question.allow_cannot_tell && (
          <Button
            size="xs"
            variant="default"
            disabled={busy}
            rightSection={<KeyCap sequence="KeyT" />}
            onClick={() => onSettle({ kind: 'cannot_tell' })}
          >
            {t('answer.cannot_tell')}
          </Button>
        )}
      </Group>
      <FormProblem error={error} />
      {remarks.length > 0 && (
        <div>
          <Text size="xs" fw={600}>
            {t('remarks')}
          </Text>
          {remarks.map((given) => (
            <Text key={given.pseudonym} size="xs" c="dimmed">
              {given.flagged && <IconFlag size={12} aria-label={t('flagged')} />}{' '}
              {[
                given.pseudonym,
                given.answer.kind === 'skip' &&
                  t('skipped', {
                    reason: t(`skip.${given.answer.reason}`, { defaultValue: given.answer.reason ?? '' }),
                  }),
                given.comment,
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
          ))}
        </div>
      )}
      <Textarea
        size="xs"
        label={t('note')}
        placeholder={t('notePlaceholder')}
        value={note}
        autosize
        minRows={1}
        maxRows={5}
        onChange={(event) => onNote(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
    </section>
  );
}
