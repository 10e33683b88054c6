import { Button, Group, Modal, MultiSelect, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../model/draft';
import { nameIn } from '../model/tree';
import type { Operation, SchemaClass, Words } from '../model/types';
import type { OperationKind } from './ClassFields';

interface Props {
  kind: OperationKind;
  one: SchemaClass;
  question: string;
  classes: readonly SchemaClass[];
  onDone: (operation: Operation) => void;
  onClose: () => void;
}

const SHOWN = 60;

/** `Puppy | 강아지`, one part a line. */
function partsOf(text: string, classes: readonly SchemaClass[]): { key: string; names: Words }[] {
  const used = new Set(classes.map((one) => one.key));
  return text
    .split('\n')
    .map((line) => line.split('|').map((name) => name.trim()))
    .filter(([en]) => en)
    .map(([en = '', ko]) => {
      const key = keyOf(en, used, `class-${used.size + 1}`);
      used.add(key);
      const names: Words = ko ? { en, ko } : { en };
      return { key, names };
    });
}

/** What a merge or a split needs to know. Nothing is done yet: the operation joins the list. */
export function OperationDialog({ kind, one, question, classes, onDone, onClose }: Props) {
  const { t, i18n } = useTranslation('schema');
  const [merged, setMerged] = useState<string[]>([]);
  const [text, setText] = useState('');
  const name = nameIn(one.names, i18n.language);
  const parts = partsOf(text, classes);
  const ready = kind === 'retire' || (kind === 'merge' ? merged.length > 0 : parts.length > 1);
  const finish = () => {
    if (kind === 'merge') onDone({ op: 'merge', question, classes: merged, into: one.key });
    else if (kind === 'split') onDone({ op: 'split', question, class: one.key, into: parts });
    else onDone({ op: 'retire', question, class: one.key });
  };
  return (
    <Modal opened onClose={onClose} title={t(`op.${kind}.title`, { name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) finish();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t(`op.${kind}.text`, { name })}</Text>
          {kind === 'merge' && (
            <MultiSelect
              label={t('op.merge.which', { name })}
              data={classes
                .filter((other) => other.key !== one.key && !other.retired)
                .map((other) => ({
                  value: other.key,
                  label: `${nameIn(other.names, i18n.language)} (${other.key})`,
                }))}
              value={merged}
              onChange={setMerged}
              searchable
              limit={SHOWN}
              nothingFoundMessage={t('tree.nothing')}
              data-autofocus
            />
          )}
          {kind === 'split' && (
            <Textarea
              label={t('op.split.parts')}
              description={t('op.split.partsHelp')}
              placeholder={'Puppy | 강아지\nHound | 사냥개'}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autosize
              minRows={3}
              data-autofocus
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" disabled={!ready}>
              {t('op.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
