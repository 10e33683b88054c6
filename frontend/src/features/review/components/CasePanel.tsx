import { Button, Group, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isFieldQuestion } from '@/features/annotate/fields/checkField';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { formatAgo, formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Verdict } from '@/shared/ui/Verdict';
import { counted, optionsOf, token } from '../answers';
import type { Answer, Case, ReviewSchema } from '../queries';
import styles from '../ReviewPage.module.css';
import { useAnswerName } from '../useAnswerName';
import { AnswerCards } from './AnswerCards';
import { CaseGold } from './CaseGold';
import { ClassSearch } from './ClassSearch';
import { FixField } from './FixField';
import { History } from './History';
import { Note } from './Note';
import { ReviewKey } from './ReviewKey';
import { SeveralClasses } from './SeveralClasses';
import { SeveralParts } from './SeveralParts';

interface Props {
  one: Case;
  schema: ReviewSchema;
  index: ClassIndex;
  busy: boolean;
  error: unknown;
  note: string;
  search: RefObject<HTMLInputElement | null>;
  hidden: ReadonlySet<number>;
  onHide: (id: number) => void;
  onNote: (note: string) => void;
  /** `from`: the answer that was corrected. */
  onSettle: (answer: Answer, from?: number | null) => void;
  onFix: () => void;
  onReturn: (to: 'annotator' | 'pool', answer?: number) => void;
}

/** The answer that leads: by the consensus, else by most people. Enter accepts it. */
function Leading({
  one,
  schema,
  index,
  disabled,
  onSettle,
}: Pick<Props, 'one' | 'schema' | 'index' | 'onSettle'> & { disabled: boolean }) {
  const { t } = useTranslation('review');
  const nameOf = useAnswerName(schema, index);
  const leading = optionsOf(one)[0];
  if (!leading) return null;
  const { answer, given, probability } = leading;
  return (
    <button type="button" className={styles.option} disabled={disabled} onClick={() => onSettle(answer)}>
      <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <strong style={{ fontWeight: 600 }}>{nameOf(answer)}</strong>
        <span className={styles.soft}>
          {probability === null
            ? t('leads', { n: given.length, total: counted(one).length })
            : t('consensusSays', { probability: formatPercent(probability, 0) })}
        </span>
      </span>
      <ReviewKey name="accept" />
    </button>
  );
}

function StartFixing({ words, disabled, onFix }: { words: string; disabled: boolean; onFix: () => void }) {
  return (
    <Button
      size="xs"
      variant="light"
      disabled={disabled}
      leftSection={<IconPencil size={14} />}
      rightSection={<ReviewKey name="fix" />}
      onClick={onFix}
    >
      {words}
    </Button>
  );
}

function Correct(props: Props) {
  const { one, schema, index, busy, search, onSettle, onFix } = props;
  const { t } = useTranslation('review');
  const { question } = schema.queue;
  const options = optionsOf(one);
  const several = question.kind === 'multiple_choice';
  const named = options.flatMap((option) => option.answer.classes ?? []);
  const [chosen, setChosen] = useState<readonly string[]>((one.answer ?? options[0]?.answer)?.classes ?? []);
  if (schema.asked?.length)
    return (
      <>
        <SeveralParts key={one.id} one={one} schema={schema} index={index} busy={busy} onSettle={onSettle} />
        <StartFixing words={t('fixing.startAnswers')} disabled={busy} onFix={onFix} />
      </>
    );
  if (isFieldQuestion(question)) {
    const before = one.answer ?? options[0]?.answer;
    const from = one.answer ? one.fixed_from : (options[0]?.given[0]?.id ?? null);
    return (
      <FixField
        question={question}
        before={before}
        field={search}
        disabled={busy}
        onFix={(answer) => onSettle(answer, from)}
      />
    );
  }
  if (question.kind === 'shapes') {
    const disabled = busy || one.item.kind !== 'image';
    return <StartFixing words={t('fixing.start')} disabled={disabled} onFix={onFix} />;
  }
  return (
    <>
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
    </>
  );
}

function Declined({ schema, busy, onSettle }: Pick<Props, 'schema' | 'busy' | 'onSettle'>) {
  const { t } = useTranslation('review');
  const { allow_none: none, allow_cannot_tell: cannotTell } = schema.queue.question;
  const kinds = [
    ...(none ? [['none_of_these', 'none'] as const] : []),
    ...(cannotTell ? [['cannot_tell', 'cannotTell'] as const] : []),
  ];
  if (kinds.length === 0 || schema.asked?.length) return null;
  return (
    <Group grow gap="xs">
      {kinds.map(([kind, name]) => (
        <Button
          key={kind}
          size="xs"
          variant="default"
          disabled={busy}
          rightSection={<ReviewKey name={name} />}
          onClick={() => onSettle({ kind })}
        >
          {t(`answer.${kind}`)}
        </Button>
      ))}
    </Group>
  );
}

function SendBack({ one, busy, onReturn }: Pick<Props, 'one' | 'busy' | 'onReturn'>) {
  const { t } = useTranslation('review');
  if (one.state !== 'open' || counted(one).length === 0) return null;
  return (
    <Group grow gap="xs">
      {(['annotator', 'pool'] as const).map((to) => (
        <Button
          key={to}
          size="xs"
          variant="default"
          disabled={busy}
          rightSection={<ReviewKey name={to === 'pool' ? 'pool' : 'return'} />}
          onClick={() => onReturn(to)}
        >
          {t(`return.${to}`)}
        </Button>
      ))}
    </Group>
  );
}

/** What everybody said, side by side, and every way to settle it or to send it back. */
export function CasePanel(props: Props) {
  const { one, schema, index, busy, error, note, hidden, onHide, onNote, onSettle, onReturn } = props;
  const { t, i18n } = useTranslation('review');
  const nameOf = useAnswerName(schema, index);
  const here = useProject();
  const { question, purpose } = schema.queue;
  // As the server counts: a question with classes, in a queue that labels, with an answer that says something.
  const asked = schema.asked?.length ? schema.asked.map((one) => one.question) : [question];
  const countedHere = asked.some(({ kind }) => kind.endsWith('choice'));
  const canBeGold = countedHere && purpose === 'labeling' && one.answer && one.answer.kind !== 'cannot_tell';
  const settled = one.answer ? token(one.answer) : null;
  const fixedOf = one.answers.find((given) => given.id === one.fixed_from);
  const pathOf = (answer: Answer) =>
    answer.kind === 'class' ? (index.get(answer.classes?.[0] ?? '')?.path ?? []).join(' › ') : '';
  return (
    <section className={styles.panel} aria-label={t('panel')}>
      <div>
        <Text fw={600}>
          {schema.asked?.length ? t('parts.title') : (question.titles?.[i18n.language] ?? question.title)}
        </Text>
        <Text size="xs" c="dimmed">
          {[
            t(`reason.${one.reason}`, { defaultValue: one.reason }),
            one.is_sampled && one.reason !== 'sampled' && t('reason.sampled'),
            one.queue_name,
            formatAgo(one.created_at),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      </div>
      {one.state === 'returned' && (
        <div style={{ marginBottom: -12 }}>
          <Verdict tone="unknown">{t('returned')}</Verdict>
        </div>
      )}
      {one.answer && (
        <div style={{ marginBottom: -12 }}>
          <Verdict tone="good">
            {t('settledAs', { answer: nameOf(one.answer), by: one.settled_by ?? t('somebody') })}
            {fixedOf && ` ${t('fixedFrom', { who: fixedOf.pseudonym })}`}
          </Verdict>
        </div>
      )}
      <Leading one={one} schema={schema} index={index} disabled={busy} onSettle={onSettle} />
      <AnswerCards
        answers={counted(one)}
        nameOf={nameOf}
        pathOf={pathOf}
        isSettled={(answer) => token(answer) === settled}
        hidden={hidden}
        disabled={busy}
        onAccept={onSettle}
        onHide={onHide}
        onReturn={(id) => onReturn('annotator', id)}
      />
      <Correct {...props} />
      <Declined schema={schema} busy={busy} onSettle={onSettle} />
      <SendBack one={one} busy={busy} onReturn={onReturn} />
      <FormProblem error={error} />
      {here.is('lead') && canBeGold && <CaseGold one={one} />}
      <History one={one} nameOf={nameOf} />
      <Note note={note} onNote={onNote} />
    </section>
  );
}
