import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { i18n } from '@/app/i18n';

export interface Question {
  title: string;
  /** What will happen, and whether it can be undone. */
  text: string;
  /** The verb on the button: "Delete version". */
  verb: string;
  danger?: boolean;
}

/** Asks before something that cannot be taken back. `if (await confirm({...})) …` */
export function confirm({ title, text, verb, danger }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: <Text>{text}</Text>,
      labels: { confirm: verb, cancel: i18n.t('ui.cancel') },
      confirmProps: { 'data-autofocus': true, ...(danger ? { color: 'red' } : {}) },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}
