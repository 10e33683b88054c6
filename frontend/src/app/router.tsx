import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
  redirect,
} from '@tanstack/react-router';
import { type Session, sessionQuery } from '@/api/session';
import { ErrorState } from '@/shared/ui/ErrorState';
import { NotFound } from '@/shared/ui/NotFound';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { i18n } from './i18n';
import { queryClient } from './queryClient';

type Search = Record<string, unknown>;

/** Pages keep filters, sorting and selection in the address; each page reads its own with `useUrlState`. */
const keepSearch = (search: Search): Search => search;

/** The words of a page are fetched beside its code, not after it. */
const words = (...namespaces: string[]) => ({ loader: () => i18n.loadNamespaces(namespaces) });

function page<K extends string>(load: () => Promise<Record<K, RouteComponent>>, name: K) {
  // The library infers the component from the module; here it is always one without props.
  return { component: lazyRouteComponent(load as never, name as never) as RouteComponent };
}

async function requireSession(href: string): Promise<Session> {
  const session = await queryClient.ensureQueryData(sessionQuery);
  if (!session.user) throw redirect({ to: '/login', search: { next: href } });
  return session;
}

const rootRoute = createRootRouteWithContext()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
});

const login = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (search: Search): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  ...words('auth'),
  ...page(() => import('@/features/auth/LoginPage'), 'LoginPage'),
});

/** Where a link leads by which a new person chooses a password. */
const welcome = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  ...words('auth'),
  ...page(() => import('@/features/auth/WelcomePage'), 'WelcomePage'),
});

/** Everything that needs a person: holds the sign-in dialog that appears in place when a session ends. */
const signedIn = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: ({ location }) => requireSession(location.href),
  ...page(() => import('./SignedIn'), 'SignedIn'),
});

const index = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: async ({ location }) => {
    const { memberships } = await requireSession(location.href);
    const last = localStorage.getItem('touchstone.project');
    const membership = memberships.find((m) => m.project.slug === last) ?? memberships[0];
    if (membership) throw redirect({ to: '/p/$project/home', params: { project: membership.project.slug } });
    throw redirect({ to: '/projects' });
  },
});

/** Pages with the rail around them. */
const framed = createRoute({
  getParentRoute: () => signedIn,
  id: 'framed',
  ...page(() => import('./Shell'), 'Shell'),
});

const projects = createRoute({
  getParentRoute: () => framed,
  path: '/projects',
  ...words('projects'),
  ...page(() => import('@/features/projects/ProjectsPage'), 'ProjectsPage'),
});

const project = createRoute({
  getParentRoute: () => framed,
  path: '/p/$project',
  validateSearch: keepSearch,
  beforeLoad: async ({ params, location }) => {
    const { memberships } = await requireSession(location.href);
    if (memberships.some((m) => m.project.slug === params.project)) {
      localStorage.setItem('touchstone.project', params.project);
    }
  },
  notFoundComponent: NotFound,
});

const projectIndex = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/home', params });
  },
});

const home = createRoute({
  getParentRoute: () => project,
  path: 'home',
  ...words('home'),
  ...page(() => import('@/features/home/HomePage'), 'HomePage'),
});
const brief = createRoute({
  getParentRoute: () => project,
  path: 'brief',
  ...words('brief'),
  ...page(() => import('@/features/brief/BriefPage'), 'BriefPage'),
});
const data = createRoute({
  getParentRoute: () => project,
  path: 'data',
  ...words('data'),
  ...page(() => import('@/features/data/DataPage'), 'DataPage'),
});
const dataImport = createRoute({
  getParentRoute: () => project,
  path: 'data/import',
  ...words('data'),
  ...page(() => import('@/features/data/ImportPage'), 'ImportPage'),
});
const item = createRoute({
  getParentRoute: () => project,
  path: 'data/items/$id',
  ...words('data'),
  ...page(() => import('@/features/data/ItemPage'), 'ItemPage'),
});
const understand = createRoute({
  getParentRoute: () => project,
  path: 'data/understand',
  ...words('insights'),
  ...page(() => import('@/features/insights/UnderstandPage'), 'UnderstandPage'),
});
const represent = createRoute({
  getParentRoute: () => project,
  path: 'data/represent',
  ...words('insights'),
  ...page(() => import('@/features/insights/RepresentPage'), 'RepresentPage'),
});
const queues = createRoute({
  getParentRoute: () => project,
  path: 'label',
  ...words('queues'),
  ...page(() => import('@/features/queues/QueuesPage'), 'QueuesPage'),
});
const queue = createRoute({
  getParentRoute: () => project,
  path: 'label/$queue/overview',
  ...words('queues'),
  ...page(() => import('@/features/queues/QueuePage'), 'QueuePage'),
});
const review = createRoute({
  getParentRoute: () => project,
  path: 'review',
  ...words('review'),
  ...page(() => import('@/features/review/ReviewPage'), 'ReviewPage'),
});
const people = createRoute({
  getParentRoute: () => project,
  path: 'people',
  ...words('people'),
  ...page(() => import('@/features/people/PeoplePage'), 'PeoplePage'),
});
const person = createRoute({
  getParentRoute: () => project,
  path: 'people/$id',
  ...words('people'),
  ...page(() => import('@/features/people/PersonPage'), 'PersonPage'),
});
const versions = createRoute({
  getParentRoute: () => project,
  path: 'versions',
  ...words('versions'),
  ...page(() => import('@/features/versions/VersionsPage'), 'VersionsPage'),
});
const version = createRoute({
  getParentRoute: () => project,
  path: 'versions/$id',
  ...words('versions'),
  ...page(() => import('@/features/versions/VersionPage'), 'VersionPage'),
});
const models = createRoute({
  getParentRoute: () => project,
  path: 'models',
  ...words('models'),
  ...page(() => import('@/features/models/ModelsPage'), 'ModelsPage'),
});
const run = createRoute({
  getParentRoute: () => project,
  path: 'models/runs/$id',
  ...words('models'),
  ...page(() => import('@/features/models/RunPage'), 'RunPage'),
});
const model = createRoute({
  getParentRoute: () => project,
  path: 'models/$id',
  ...words('models'),
  ...page(() => import('@/features/models/ModelPage'), 'ModelPage'),
});
const production = createRoute({
  getParentRoute: () => project,
  path: 'production',
  ...words('production'),
  ...page(() => import('@/features/production/ProductionPage'), 'ProductionPage'),
});
const audit = createRoute({
  getParentRoute: () => project,
  path: 'production/audits/$id',
  ...words('audit'),
  ...page(() => import('@/features/audit/AuditPage'), 'AuditPage'),
});
const schema = createRoute({
  getParentRoute: () => project,
  path: 'schema',
  ...words('schema', 'annotate', 'fields', 'shapes'),
  ...page(() => import('./SchemaEditor'), 'SchemaEditor'),
});
const settings = createRoute({
  getParentRoute: () => project,
  path: 'settings',
  beforeLoad: ({ params, location }) => {
    if (location.pathname.endsWith('/settings')) {
      throw redirect({ to: '/p/$project/settings/$section', params: { ...params, section: 'schema' } });
    }
  },
});
const settingsSection = createRoute({
  getParentRoute: () => settings,
  path: '$section',
  ...words('settings'),
  ...page(() => import('@/features/settings/SettingsPage'), 'SettingsPage'),
});

/** The workbench fills the screen: no rail, nothing else. */
const workbench = createRoute({
  getParentRoute: () => signedIn,
  path: '/p/$project/label/$queue',
  validateSearch: keepSearch,
  ...words('annotate'),
  ...page(() => import('@/features/annotate/WorkbenchPage'), 'WorkbenchPage'),
});

const routeTree = rootRoute.addChildren([
  login,
  welcome,
  signedIn.addChildren([
    index,
    workbench,
    framed.addChildren([
      projects,
      project.addChildren([
        projectIndex,
        home,
        brief,
        data,
        dataImport,
        item,
        understand,
        represent,
        queues,
        queue,
        review,
        people,
        person,
        versions,
        version,
        models,
        run,
        model,
        production,
        audit,
        schema,
        settings.addChildren([settingsSection]),
      ]),
    ]),
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
