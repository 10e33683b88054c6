import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { type RenderResult, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { Session } from '@/api/session';
import { sessionQuery } from '@/api/session';
import { i18n } from '@/app/i18n';
import { Themed } from '@/app/Themed';

export const leadSession: Session = {
  user: { id: 'u1', email: 'lead@example.org', name: 'Lea Lead' },
  memberships: [{ project: { id: 'p1', slug: 'emoji', name: 'Emoji' }, role: 'lead' }],
  preferences: {},
};

interface Options {
  /** The address; the route is `/p/$project/$` unless `route` says otherwise. */
  at?: string;
  route?: string;
  session?: Session;
  client?: QueryClient;
}

/** Renders inside theme, words, queries, a router and a session, as the application does. */
export function renderPage(ui: ReactNode, options: Options = {}): RenderResult & { client: QueryClient } {
  const client = options.client ?? new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(sessionQuery.queryKey, options.session ?? leadSession);
  const root = createRootRoute();
  const page = createRoute({
    getParentRoute: () => root,
    path: options.route ?? '/p/$project/$',
    component: () => ui,
  });
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: [options.at ?? '/p/emoji/page'] }),
  });
  const result = render(
    <I18nextProvider i18n={i18n}>
      <Themed env="test">
        <QueryClientProvider client={client}>
          {/* biome-ignore lint/suspicious/noExplicitAny: a throw-away router is not the registered one */}
          <RouterProvider router={router as any} />
        </QueryClientProvider>
      </Themed>
    </I18nextProvider>,
  );
  return { ...result, client };
}

/** Answers `fetch` by the path; an unknown path is a 404 problem. Values may be functions of the request. */
export function serve(routes: Record<string, unknown>): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const key = [`${request.method} ${url.pathname}`, url.pathname].find((k) => k in routes);
    if (!key) {
      const body = { title: `no route ${request.method} ${url.pathname}`, status: 404, code: 'not-found' };
      return Response.json(body, { status: 404 });
    }
    const value = routes[key];
    const body: unknown = typeof value === 'function' ? await value(request) : value;
    return body instanceof Response ? body : Response.json(body);
  };
}
