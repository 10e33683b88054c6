import { Button, Group, SegmentedControl, Table, Text } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Binding, findConflicts, sequencesOf } from '@/actions/keymap';
import { isPreset, PRESETS } from '@/actions/presets';
import { registry } from '@/actions/registry';
import { useRegisteredActions } from '@/actions/useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import { KeyCaps } from '@/shared/ui/KeyCap';
import { Section } from '@/shared/ui/Section';
import { Verdict } from '@/shared/ui/Verdict';

interface Row {
  id: string;
  title: string;
  scope: string;
  keys: readonly string[];
}

const MODIFIERS = /^(Control|Shift|Alt|Meta)/;

/** Waits for one chord; Escape leaves it as it was. */
function Listening({ onChord, onCancel }: { onChord: (sequence: string) => void; onCancel: () => void }) {
  const { t } = useTranslation('settings');
  const handleKey = (event: KeyboardEvent) => {
    if (MODIFIERS.test(event.code)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.code === 'Escape') return onCancel();
    const [sequence] = sequencesOf(event.nativeEvent);
    if (sequence) onChord(sequence);
  };
  return (
    <Button size="compact-xs" variant="light" autoFocus onKeyDown={handleKey} onBlur={onCancel}>
      {t('keys.press')}
    </Button>
  );
}

function Rows({ label, rows }: { label: string; rows: readonly Row[] }) {
  const { t } = useTranslation('settings');
  const [listening, setListening] = useState<string | null>(null);
  return (
    <Table verticalSpacing={4} aria-label={label}>
      <Table.Tbody>
        {rows.map((row) => {
          const now = registry.keysOf(row);
          const own = now.join() !== row.keys.join();
          return (
            <Table.Tr key={row.id}>
              <Table.Td>{row.title}</Table.Td>
              <Table.Td>
                {listening === row.id ? (
                  <Listening
                    onChord={(sequence) => {
                      registry.remapKeys(row.id, [sequence]);
                      setListening(null);
                    }}
                    onCancel={() => setListening(null)}
                  />
                ) : (
                  <KeyCaps sequences={now} />
                )}
              </Table.Td>
              <Table.Td>
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  {own && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="gray"
                      onClick={() => registry.remapKeys(row.id, null)}
                    >
                      {t('keys.reset')}
                    </Button>
                  )}
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t('keys.changeOf', { title: row.title })}
                    onClick={() => setListening(row.id)}
                  >
                    {t('keys.change')}
                  </Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

/** One's own keys: places on the keyboard, so that they hold in every layout. */
export function KeysSection() {
  const { t } = useTranslation('settings');
  const { t: word } = useTranslation('annotate');
  const actions = useRegisteredActions();
  const workbench: Row[] = (Object.keys(WORKBENCH_KEYS) as WorkbenchKey[]).map((key) => ({
    id: `workbench.${key}`,
    title: word(`action.${key}`),
    scope: WORKBENCH_KEYS[key].scope,
    keys: registry.presetKeys({ id: `workbench.${key}`, keys: WORKBENCH_KEYS[key].keys }),
  }));
  const everywhere: Row[] = actions
    .filter((action) => action.scope === 'global' && (action.keys?.length ?? 0) > 0)
    .map((action) => ({ ...action, keys: action.keys ?? [] }));
  const all = [...everywhere, ...workbench];
  const bindings: Binding[] = all.map((row) => ({
    id: row.id,
    scope: row.scope,
    sequences: registry.keysOf(row),
  }));
  const titles = new Map(all.map((row) => [row.id, row.title]));
  const conflicts = findConflicts(bindings);
  return (
    <Section title={t('section.keys')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('keys.text')}
      </Text>
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label={word('keys.preset')}
        data={Object.keys(PRESETS).map((value) => ({ value, label: word(`keys.presets.${value}`) }))}
        value={registry.preset()}
        onChange={(value) => isPreset(value) && registry.choosePreset(value)}
      />
      {conflicts.map((conflict) => (
        <Verdict key={`${conflict.sequence} ${conflict.ids.join()}`} tone="warning">
          {conflict.ids.length < 2
            ? t('keys.owned', { key: conflict.sequence, title: titles.get(conflict.ids[0] ?? '') })
            : t('keys.conflict', {
                key: conflict.sequence,
                titles: conflict.ids.map((id) => titles.get(id)).join(', '),
              })}
        </Verdict>
      ))}
      <Text fw={600} mt="sm">
        {t('keys.workbench')}
      </Text>
      <Rows label={t('keys.workbench')} rows={workbench} />
      {everywhere.length > 0 && (
        <>
          <Text fw={600} mt="md">
            {t('keys.everywhere')}
          </Text>
          <Rows label={t('keys.everywhere')} rows={everywhere} />
        </>
      )}
    </Section>
  );
}
