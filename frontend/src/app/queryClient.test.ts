import { MutationObserver, onlineManager } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';
import { queryClient } from './queryClient';

afterEach(() => onlineManager.setOnline(true));

it('says at once that the network is gone, instead of sending later what the page shows by then', async () => {
  onlineManager.setOnline(false);
  const sent: string[] = [];
  const save = new MutationObserver(queryClient, {
    mutationFn: async (value: string) => {
      sent.push(value);
      throw new TypeError('Failed to fetch');
    },
  });
  await expect(save.mutate('what was meant')).rejects.toThrow('Failed to fetch');
  expect(save.getCurrentResult().isPaused).toBe(false);
  onlineManager.setOnline(true);
  await Promise.resolve();
  expect(sent).toEqual(['what was meant']);
});
