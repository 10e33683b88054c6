import type { Tool } from './tool';

/** What a tool can be told by a button: all that its keys say, for hands that have none. */
export type Order =
  | 'take'
  | 'finish'
  | 'take_back'
  | 'cancel'
  | 'in'
  | 'out'
  | 'next_point'
  | 'hidden'
  | 'absent'
  | 'next_mask'
  | 'delete_vertex';

const KEYS: Record<Exclude<Order, 'in' | 'out'>, string> = {
  take: 'Enter',
  finish: 'Enter',
  take_back: 'Backspace',
  cancel: 'Escape',
  next_point: 'Tab',
  hidden: 'KeyO',
  absent: 'KeyN',
  next_mask: 'Enter',
  delete_vertex: 'Delete',
};

/** What it can be told now, in the order of the buttons. */
export const ordersOf = (tool: Tool): readonly Order[] => tool.orders ?? (tool.busy ? ['cancel'] : []);

export function giveOrder(tool: Tool, order: Order): void {
  if (order === 'in' || order === 'out') tool.mark?.(order);
  else tool.key({ code: KEYS[order], shift: false, alt: false, ctrl: false });
}
