import { Button, Chip, Group, SegmentedControl, Text, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FormProblem } from '@/shared/ui/FormProblem';
import { KeyCap } from '@/shared/ui/KeyCap';
import type { GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';

export interface ReturnDraft {
  to: 'annotator' | 'pool';
  answers: number[];
  comment: string;
  place: { x: number; y: number } | null;
}

interface Props {
  draft: ReturnDraft;
  answers: readonly GivenAnswer[];
  hasPicture: boolean;
  busy: boolean;
  error: unknown;
  onChange: (change: Partial<ReturnDraft>) => void;
  onSend: () => void;
  onCancel: () => void;
}

const STEP = 1;

/** Sends answers back: whose, to whom, why, and where in the picture. */
export function ReturnPanel({ draft, answers, hasPicture, busy, error, onChange, onSend, onCancel }: Props) {
  const { t } = useTranslation('review');
  const { place } = draft;
  const ready = draft.answers.length > 0 && (draft.to === 'pool' || draft.comment.trim() !== '');
  const move = (part: 'x' | 'y', text: string) => {
    const value = Number(text);
    if (text !== '' && Number.isFinite(value)) onChange({ place: { x: 0, y: 0, ...place, [part]: value } });
  };
  return (
    <form
      className={styles.return}
      aria-label={t('return.title')}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready) {
          event.preventDefault();
          onSend();
        }
      }}
    >
      <Text fw={600} size="sm">
        {t('return.title')}
      </Text>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('return.to')}
        value={draft.to}
        onChange={(value) => onChange({ to: value === 'pool' ? 'pool' : 'annotator' })}
        data={[
          { value: 'annotator', label: t('return.annotator') },
          { value: 'pool', label: t('return.pool') },
        ]}
      />
      <Text size="xs" c="dimmed">
        {t(draft.to === 'pool' ? 'return.poolText' : 'return.annotatorText')}
      </Text>
      <Chip.Group
        multiple
        value={draft.answers.map(String)}
        onChange={(chosen) => onChange({ answers: chosen.map(Number) })}
      >
        <Group gap={6}>
          {answers.map((given) => (
            <Chip key={given.id} value={String(given.id)} size="xs">
              {given.pseudonym}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Textarea
        size="xs"
        data-autofocus
        autoFocus
        label={t('return.comment')}
        required={draft.to === 'annotator'}
        value={draft.comment}
        maxLength={4000}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => onChange({ comment: event.currentTarget.value })}
      />
      {hasPicture && (
        <fieldset className={styles.place}>
          <legend>{t('return.place')}</legend>
          <Text size="xs" c="dimmed">
            {t('return.placeText')}
          </Text>
          <Group gap="xs" align="end">
            {(['x', 'y'] as const).map((part) => (
              <label key={part} className={styles.number}>
                {part}
                <input
                  type="number"
                  min={0}
                  step={STEP}
                  value={place?.[part] ?? ''}
                  onChange={(event) => move(part, event.currentTarget.value)}
                />
              </label>
            ))}
            {place && (
              <Button size="compact-xs" variant="default" onClick={() => onChange({ place: null })}>
                {t('return.noPlace')}
              </Button>
            )}
          </Group>
        </fieldset>
      )}
      <FormProblem error={error} />
      <Group gap="xs" wrap="nowrap">
        <Button
          size="xs"
          flex={1}
          type="submit"
          loading={busy}
          disabled={!ready}
          rightSection={<KeyCap sequence="Mod+Enter" />}
        >
          {t('return.send')}
        </Button>
        <Button size="xs" variant="default" onClick={onCancel}>
          {t('return.cancel')}
        </Button>
      </Group>
    </form>
  );
}
