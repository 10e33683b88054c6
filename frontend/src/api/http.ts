import { problemFrom, unreachable } from './problem';

/** The one place that talks to the server: CSRF, idempotency, problem+json, and the signal that a session ended. */

export type QueryValue = string | number | boolean | null | undefined | readonly (string | number)[];

export interface RequestOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
  /** After so long without an answer the server counts as unreachable; without it the browser decides. */
  timeoutMs?: number;
  /** Sent as `Idempotency-Key`; mint it once per intention, reuse it on each retry. */
  idempotencyKey?: string;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
  headers?: Record<string, string>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Listener = () => void;

const expiredListeners = new Set<Listener>();

/** Called when the server says 401 to anything but a sign-in. */
export function onSessionExpired(listener: Listener): () => void {
  expiredListeners.add(listener);
  return () => expiredListeners.delete(listener);
}

export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}

export function withQuery(path: string, query: Record<string, QueryValue> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === '') continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/** Whether somebody asked for the request to end; a time that ran out is not that. */
const gaveUp = ({ signal }: Request) => signal.aborted && signal.reason?.name !== 'TimeoutError';

/** `fetch` with our cookies, CSRF header and errors; also the transport of the typed client. */
export async function send(request: Request): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') request.headers.set('X-CSRFToken', csrfToken());
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    throw gaveUp(request) ? error : unreachable(error);
  }
  if (response.status === 401 && !request.url.endsWith('/api/v1/session')) {
    for (const listener of expiredListeners) listener();
  }
  if (!response.ok && response.status !== 304) throw await problemFrom(response);
  return response;
}

export function buildRequest(method: Method, path: string, options: RequestOptions = {}): Request {
  const headers = new Headers({ Accept: 'application/json', ...options.headers });
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey);
  const raw = options.body instanceof FormData || options.body instanceof Blob;
  if (options.body !== undefined && !raw) headers.set('Content-Type', 'application/json');
  return new Request(new URL(withQuery(path, options.query), location.origin), {
    method,
    headers,
    credentials: 'same-origin',
    body: options.body === undefined ? null : raw ? (options.body as BodyInit) : JSON.stringify(options.body),
    signal: options.signal ?? (options.timeoutMs ? AbortSignal.timeout(options.timeoutMs) : null),
    keepalive: options.keepalive ?? false,
  });
}

async function call<T>(method: Method, path: string, options?: RequestOptions): Promise<T> {
  const request = buildRequest(method, path, options);
  const response = await send(request);
  if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (error) {
    // Cut off on the way, or something between us and the server has answered in its place.
    throw gaveUp(request) ? error : unreachable(error);
  }
}

export const http = {
  get: <T>(path: string, options?: RequestOptions) => call<T>('GET', path, options),
  post: <T>(path: string, options?: RequestOptions) => call<T>('POST', path, options),
  put: <T>(path: string, options?: RequestOptions) => call<T>('PUT', path, options),
  patch: <T>(path: string, options?: RequestOptions) => call<T>('PATCH', path, options),
  delete: <T = void>(path: string, options?: RequestOptions) => call<T>('DELETE', path, options),
};

/** A page of a list: `next` is a cursor to hand back as `?cursor=`, or null at the end. */
export interface Page<T> {
  results: T[];
  next: string | null;
}
