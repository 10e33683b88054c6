import { Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Why it is right, kept with the label. */
export function Note({ note, onNote }: { note: string; onNote: (note: string) => void }) {
  const { t } = useTranslation('review');
  return (
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
  );
}
