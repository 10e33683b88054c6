import { QueryClient } from '@tanstack/react-query';
import { asProblem } from '@/api/problem';

/** Only what may pass by itself is tried again: no answer, or a server that is busy or restarting. */
function worthRetrying(failures: number, error: unknown): boolean {
  const { status } = asProblem(error);
  return failures < 2 && (status === 0 || status === 429 || status >= 502);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 30_000, retry: worthRetrying, refetchOnWindowFocus: true },
    // Said at once, not held back until the network returns: by then the page may show something else.
    mutations: { retry: false, networkMode: 'always' },
  },
});
