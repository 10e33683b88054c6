import { Button, Group, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { nameIn } from '../model/tree';
import type { Kind, SchemaQuestion } from '../model/types';
import { AddQuestion } from './AddQuestion';

interface Props {
  questions: readonly SchemaQuestion[];
  selected: string;
  /** Keys of those that have labels: they cannot go. */
  labelled: ReadonlySet<string>;
  readOnly: boolean;
  onSelect: (key: string) => void;
  onAdd: (kind: Kind, title: string) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}

/** The questions of the schema in their order: which one is looked at, and what can be done with it. */
export function Questions({
  questions,
  selected,
  labelled,
  readOnly,
  onSelect,
  onAdd,
  onMove,
  onRemove,
}: Props) {
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
          {questions.length > 1 && !labelled.has(selected) && (
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
