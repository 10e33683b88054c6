import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from '@/test/render';
import { useJob } from './useJob';

afterEach(() => vi.unstubAllGlobals());

const STALE = [['queues', 'emoji']];

function follow(first: string | null) {
  const client = new QueryClient();
  const job = { id: 'j1', kind: 'x', state: 'succeeded', done: 1, total: 1, message: '' };
  vi.stubGlobal('fetch', serve({ '/api/v1/projects/emoji/jobs/j1': job }));
  const renewed = vi.spyOn(client, 'invalidateQueries');
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook(({ id }: { id: string | null }) => useJob('emoji', id, STALE), {
    wrapper,
    initialProps: { id: first },
  });
  return { ...hook, renewed };
}

test('a job that is done before it is first looked at makes its queries anew', async () => {
  const { rerender, result, renewed } = follow(null);
  rerender({ id: 'j1' });
  await waitFor(() => expect(result.current?.state).toBe('succeeded'));
  expect(renewed).toHaveBeenCalledExactlyOnceWith({ queryKey: STALE[0] });
});

test('a job that had ended when the page opened does not', async () => {
  const { result, renewed } = follow('j1');
  await waitFor(() => expect(result.current?.state).toBe('succeeded'));
  expect(renewed).not.toHaveBeenCalled();
});
