import { Button, Group, SegmentedControl, Table, Text } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { capsOf, sequencesOf } from '@/actions/keymap';
import { isPreset, PRESETS } from '@/actions/presets';
import { registry } from '@/actions/registry';
import { KeyCaps } from '@/shared/ui/KeyCap';
import { Section } from '@/shared/ui/Section';
import { Verdict } from '@/shared/ui/Verdict';
import { conflictsOf, digitOf, type KeyRow, useKeyGroups } from '../useKeyGroups';

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

function Rows({ label, rows }: { label: string; rows: readonly KeyRow[] }) {
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
  const groups = useKeyGroups();
  const titles = new Map(groups.flatMap(({ rows }) => rows.map((row) => [row.id, row.title] as const)));
  const titleOf = (id: string) => {
    const digit = digitOf(id);
    return digit === null ? (titles.get(id) ?? id) : t('keys.class', { digit });
  };
  const conflicts = conflictsOf(groups);
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
      {conflicts.map(({ sequence, ids }) => {
        const key = capsOf(sequence).join('+');
        return (
          <Verdict key={`${sequence} ${ids.join()}`} tone="warning">
            {ids.length < 2
              ? t('keys.owned', { key, title: titleOf(ids[0] ?? '') })
              : t('keys.conflict', { key, titles: ids.map(titleOf).join(', ') })}
          </Verdict>
        );
      })}
      {groups.map(({ id, rows }) =>
        rows.length === 0 ? null : (
          <div key={id}>
            <Text fw={600} mt="md">
              {t(`keys.${id}`)}
            </Text>
            <Rows label={t(`keys.${id}`)} rows={rows} />
          </div>
        ),
      )}
    </Section>
  );
}
