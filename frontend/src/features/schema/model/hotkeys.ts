import { WORKBENCH_KEYS } from '@/actions/workbenchKeys';
import type { SchemaClass } from './types';

/** Keys of classes: a letter or digit, or shift+ and one. */

export type HotkeyProblem =
  | { code: 'form' }
  | { code: 'taken'; by: string }
  /** The workbench keeps it for itself, so the class could only be chosen by search. */
  | { code: 'workbench'; action: string };

const FORM = /^(shift\+)?[a-z0-9]$/;

/** What the keymap calls the key: `a` is KeyA, `shift+1` is Shift+Digit1. */
export function sequenceOf(hotkey: string): string {
  const shifted = hotkey.startsWith('shift+');
  const sign = (shifted ? hotkey.slice(6) : hotkey).toUpperCase();
  return `${shifted ? 'Shift+' : ''}${/[0-9]/.test(sign) ? 'Digit' : 'Key'}${sign}`;
}

const KEPT = new Map<string, string>(
  Object.entries(WORKBENCH_KEYS)
    .filter(([, { scope }]) => scope.startsWith('workbench'))
    .flatMap(([action, { keys }]) => keys.map((key): [string, string] => [key, action])),
);

export function hotkeyProblem(
  classes: readonly SchemaClass[],
  key: string,
  hotkey: string | null,
): HotkeyProblem | null {
  const wanted = hotkey?.trim().toLowerCase();
  if (!wanted) return null;
  if (!FORM.test(wanted)) return { code: 'form' };
  const other = classes.find(
    (one) => one.key !== key && !one.retired && one.hotkey?.toLowerCase() === wanted,
  );
  if (other) return { code: 'taken', by: other.key };
  const action = KEPT.get(sequenceOf(wanted));
  return action ? { code: 'workbench', action } : null;
}
