import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameIn } from '../model/tree';
import { KINDS, type Kind, type SchemaQuestion } from '../model/types';

interface Props {
  questions: readonly SchemaQuestion[];
  selected: string;
  /** Keys of the version before: those can neither go nor change their kind. */
  kept: ReadonlySet<string>;
  readOnly: boolean;
  onSelect: (key: string) => void;
  onAdd: (kind: Kind, title: string) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}

function AddQuestion({ onAdd, onClose }: { onAdd: Props['onAdd']; onClose: () => void }) {
  const { t } = useTranslation('schema');
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<Kind>('single_choice');
  return (
    <Modal opened onClose={onClose} title={t('question.add')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAdd(kind, title.trim());
          onClose();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('question.title.en')}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
            data-autofocus
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
            <Button type="submit" disabled={title.trim() === ''}>
              {t('question.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The questions of the schema in their order: which one is looked at, and what can be done with it. */
export function Questions({ questions, selected, kept, readOnly, onSelect, onAdd, onMove, onRemove }: Props) {
  const { t, i18n } = useTranslation('schema');
  const [adding, dialog] = useDisclosure(false);
  const at = questions.findIndex((one) => one.key === selected);
  return (
    <Group gap={8} align="flex-end">
      <Select
        label={t('question.which', { count: questions.length })}
        data={questions.map((one, place) => ({
          value: one.key,
          label: `${place + 1}. ${nameIn(one.title, i18n.language) || one.key} · ${t(`kind.${one.kind}`)}`,
        }))}
        value={selected}
        allowDeselect={false}
        onChange={(key) => key && onSelect(key)}
        w={{ base: '100%', sm: 380 }}
      />
      {!readOnly && (
        <>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={dialog.open}>
            {t('question.add')}
          </Button>
          <Button
            variant="default"
            disabled={at <= 0}
            aria-label={t('question.earlier')}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} />
          </Button>
          <Button
            variant="default"
            disabled={at >= questions.length - 1}
            aria-label={t('question.later')}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} />
          </Button>
          {!kept.has(selected) && (
            <Button variant="default" onClick={onRemove}>
              {t('question.remove')}
            </Button>
          )}
        </>
      )}
      {adding && <AddQuestion onAdd={onAdd} onClose={dialog.close} />}
    </Group>
  );
}
