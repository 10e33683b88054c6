import createClient from 'openapi-fetch';
import { send } from './http';
import type { paths } from './schema';

/**
 * The typed client: `const { data } = await api.GET('/api/v1/projects/{project}', { params: { path: { project } } })`.
 * A failed request throws a `Problem`; so `data` is what the schema promises.
 */
export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: send });
