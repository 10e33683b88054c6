import { expect, test, vi } from 'vitest';
import type { QueueServer } from '../endpoints';
import type { Lease } from '../types';
import { Leasing } from './leasing';

const LEASE = { lease: 'l1', task: 1, item: {}, remark: null } as unknown as Lease;

test('why there is no more is asked at once when the last answer arrived while one asked', async () => {
  const told: unknown[] = [];
  const answered: number[] = [];
  const next = vi.fn<QueueServer['next']>();
  next.mockResolvedValueOnce({ leases: [LEASE], lost: [], remaining: 1, message: null } as never);
  const leasing = new Leasing(
    {
      server: { next, release: vi.fn(), heartbeat: vi.fn(), history: vi.fn() } as never,
      tab: 'tab',
      outbox: { pending: async () => [] } as never,
    },
    {
      shown: () => null,
      answered: () => answered,
      sentBack: () => undefined,
      told: ({ message }) => told.push(message),
      present: () => undefined,
    },
  );
  leasing.start();
  await leasing.refill();
  const [work] = leasing.tasks;
  if (!work) throw new Error('Nothing was leased.');
  answered.push(work.task);
  leasing.drop(work.task);
  leasing.sent(work);
  // The server counts the lease as held still, so that it gives no reason; meanwhile the answer arrives.
  next.mockImplementationOnce(async () => {
    leasing.confirmed(work.task);
    return { leases: [], lost: [], remaining: 1, message: null } as never;
  });
  next.mockResolvedValue({ leases: [], lost: [], remaining: 1, message: 'limit-person' } as never);
  leasing.topUp();
  await vi.waitFor(() => expect(told.at(-1)).toBe('limit-person'));
  expect(next).toHaveBeenCalledTimes(3);
  leasing.leave();
});
