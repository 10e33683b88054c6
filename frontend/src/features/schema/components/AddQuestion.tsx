import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KINDS, type Kind } from '../model/types';

interface Props {
  onAdd: (kind: Kind, title: string) => void;
  onClose: () => void;
  /** Asks for the name of a new schema, too: this is its first question. */
  naming?: { name: string; onChange: (name: string) => void };
}

/** What a question asks and how it is answered; the rest is written in the editor. */
export function AddQuestion({ onAdd, onClose, naming }: Props) {
  const { t } = useTranslation('schema');
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<Kind>('single_choice');
  const verb = t(naming ? 'new.begin' : 'question.add');
  return (
    <Modal opened onClose={onClose} title={t(naming ? 'new.title' : 'question.add')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAdd(kind, title.trim());
          onClose();
        }}
      >
        <Stack gap="sm">
          {naming && (
            <TextInput
              label={t('new.name')}
              value={naming.name}
              maxLength={200}
              onChange={(event) => naming.onChange(event.currentTarget.value)}
              required
              data-autofocus
            />
          )}
          <TextInput
            label={t('question.title.en')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
            {...(!naming && { 'data-autofocus': true })}
          />
          <Select
            label={t('question.kind')}
            data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            value={kind}
            allowDeselect={false}
            onChange={(value) => setKind((value ?? 'single_choice') as Kind)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" disabled={title.trim() === '' || naming?.name.trim() === ''}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
