import { Modal, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KeyCaps } from '@/shared/ui/KeyCap';
import { closeHelp } from './helpStore';
import { capsOf } from './keymap';
import { type Action, registry } from './registry';
import { useRegisteredActions } from './useActions';

function byGroup(actions: readonly Action[]): [string, Action[]][] {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    if (registry.keysOf(action).length === 0) continue;
    groups.set(action.group, [...(groups.get(action.group) ?? []), action]);
  }
  return [...groups];
}

/** Every key that works here and now, from the same list that makes them work. */
export function HelpDialog({ open }: { open: boolean }) {
  const { t } = useTranslation();
  const actions = useRegisteredActions();
  return (
    <Modal opened={open} onClose={closeHelp} title={t('help.title')} size="lg">
      {open &&
        registry.conflicts().map(({ sequence, ids }) => (
          <Text key={`${sequence} ${ids.join()}`} size="sm" c="var(--ts-warning)" mb="xs">
            {t('help.conflict', {
              key: capsOf(sequence).join('+'),
              titles: ids.map((id) => actions.find((action) => action.id === id)?.title ?? id).join(', '),
            })}
          </Text>
        ))}
      {/* Columns that fill by themselves: groups differ much in length. */}
      <div style={{ columns: '260px 2', columnGap: 24 }}>
        {byGroup(actions).map(([group, list]) => (
          <section key={group} aria-label={group} style={{ breakInside: 'avoid', marginBottom: 16 }}>
            <Text fw={600} mb={4}>
              {group}
            </Text>
            <Table verticalSpacing={4} withRowBorders={false}>
              <Table.Tbody>
                {list.map((action) => (
                  <Table.Tr key={action.id}>
                    <Table.Td>{action.title}</Table.Td>
                    <Table.Td style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
                      <KeyCaps sequences={registry.keysOf(action)} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
        ))}
      </div>
    </Modal>
  );
}
