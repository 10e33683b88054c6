import { useKeyOf } from '@/actions/useKeyOf';
import type { WorkbenchKey } from '@/actions/workbenchKeys';
import { KeyCap } from '@/shared/ui/KeyCap';

/** The key of an action as the person has it: given, of their preset, or their own. */
export function KeyOf({ action }: { action: WorkbenchKey }) {
  const sequence = useKeyOf(action);
  return sequence && <KeyCap sequence={sequence} />;
}
