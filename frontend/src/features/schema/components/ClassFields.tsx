import { Button, Group, Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { mayStandUnder } from '../model/draft';
import { hotkeyProblem } from '../model/hotkeys';
import { nameIn, spoken } from '../model/tree';
import type { SchemaClass } from '../model/types';

export type OperationKind = 'merge' | 'split' | 'retire';

interface Props {
  one: SchemaClass;
  classes: readonly SchemaClass[];
  /** Not in any version yet, so it may go without a trace. */
  fresh: boolean;
  readOnly: boolean;
  onChange: (patch: Partial<SchemaClass>) => void;
  onMove: (step: 1 | -1) => void;
  onAddBelow: () => void;
  onRemove: () => void;
  onOperate: (kind: OperationKind) => void;
}

const SHOWN = 60;
/** Where the key that renames a class goes. */
export const NAME_FIELD = 'schema-class-name';

/** What one class says; merging, splitting and retiring it are operations and not edits. */
export function ClassFields({
  one,
  classes,
  fresh,
  readOnly,
  onChange,
  onMove,
  onAddBelow,
  onRemove,
  onOperate,
}: Props) {
  const { t, i18n } = useTranslation('schema');
  const locked = readOnly || Boolean(one.retired);
  const problem = hotkeyProblem(classes, one.key, one.hotkey);
  const words = (language: string, text: string) => onChange({ names: spoken(one.names, language, text) });
  const parents = classes
    .filter((other) => !other.retired && mayStandUnder(classes, one.key, other.key))
    .map((other) => ({ value: other.key, label: `${nameIn(other.names, i18n.language)} (${other.key})` }));
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {t('class.key', { key: one.key })}
      </Text>
      <TextInput
        id={NAME_FIELD}
        label={t('class.name.en')}
        value={one.names.en ?? ''}
        disabled={locked}
        error={one.names.en?.trim() ? null : t('class.noName')}
        onChange={(event) => words('en', event.currentTarget.value)}
      />
      <TextInput
        label={t('class.name.ko')}
        value={one.names.ko ?? ''}
        disabled={locked}
        onChange={(event) => words('ko', event.currentTarget.value)}
      />
      <TextInput
        label={t('class.hotkey')}
        description={t('class.hotkeyHelp')}
        value={one.hotkey ?? ''}
        disabled={locked}
        error={problem && t(`hotkey.${problem.code}`, { ...problem })}
        onChange={(event) => onChange({ hotkey: event.currentTarget.value.trim().toLowerCase() || null })}
      />
      <Select
        label={t('class.parent')}
        placeholder={t('class.top')}
        data={parents}
        value={one.parent}
        disabled={locked}
        searchable
        clearable
        limit={SHOWN}
        nothingFoundMessage={t('tree.nothing')}
        clearButtonProps={{ 'aria-label': t('class.top') }}
        onChange={(parent) => onChange({ parent })}
      />
      <Textarea
        label={t('class.description')}
        value={one.description}
        disabled={locked}
        autosize
        minRows={2}
        maxRows={5}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <Switch
        label={t('class.selectable')}
        checked={one.selectable}
        disabled={locked}
        onChange={(event) => onChange({ selectable: event.currentTarget.checked })}
      />
      {!locked && (
        <>
          <Group gap={6}>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconArrowUp size={14} />}
              onClick={() => onMove(-1)}
            >
              {t('class.up')}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconArrowDown size={14} />}
              onClick={() => onMove(1)}
            >
              {t('class.down')}
            </Button>
            <Button size="xs" variant="default" onClick={onAddBelow}>
              {t('class.addBelow')}
            </Button>
          </Group>
          <Group gap={6}>
            {fresh ? (
              <Button size="xs" variant="default" onClick={onRemove}>
                {t('class.remove')}
              </Button>
            ) : (
              (['merge', 'split', 'retire'] as const).map((kind) => (
                <Button key={kind} size="xs" variant="default" onClick={() => onOperate(kind)}>
                  {t(`op.${kind}.button`)}
                </Button>
              ))
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}
