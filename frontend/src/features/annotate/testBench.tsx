import { fireEvent, screen, waitFor } from '@testing-library/react';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { registry } from '@/actions/registry';
import type { Session } from '@/api/session';
import { leadSession, renderPage, serve } from '@/test/render';
import type { Answer, Lease, SubmitBody, WorkItem } from './types';
import { WorkbenchPage } from './WorkbenchPage';

/** The workbench on a table of tests: only network and canvas are stand-ins. */

const P = '/api/v1/projects/emoji/queues/q1';
export const animals = [
  { key: 'cat', name: 'Cat', names: { en: 'Cat', ko: '고양이' }, hotkey: '1' },
  { key: 'dog', name: 'Dog', names: { en: 'Dog', ko: '개' }, hotkey: '2' },
].map((one) => ({ ...one, parent: null, selectable: true }));

/** What the stand-in of the server does, and what it was sent; new for each test. */
export const server = {
  sent: [] as SubmitBody[],
  served: 0,
  /** How many submissions were refused. */
  refused: 0,
  /** The problem with which submissions are refused. */
  refusal: null as (Record<string, unknown> & { status: number }) | null,
  pictures: 'here' as 'here' | 'late' | 'broken',
  /** Addresses of pictures that were asked for. */
  fetched: [] as string[],
  /** Further addresses and what they answer. */
  routes: {} as Record<string, unknown>,
  /** What the items are, when they are not pictures. */
  item: (_n: number): Partial<WorkItem> => ({}),
};
let people = 0;

export function lease(n: number): Lease {
  const item = { id: n, sha256: `s${n}`, width: 8, height: 8, name: `${n}.png`, kind: 'image' as const };
  const urls = { image_url: `/media/${n}`, thumbnail_url: null, content_url: null };
  return {
    lease: `l${n}`,
    task: n,
    expires_at: '',
    item: { ...item, ...urls, ...server.item(n) },
    previous: null,
  };
}

function question(kind: string) {
  return { key: 'kind', kind, title: 'Which animal?', allow_none: true, allow_cannot_tell: true };
}

export function workbenchOf(classes: readonly object[], kind = 'single_choice', more: object = {}) {
  const queue = { id: 'q1', name: 'Animals', auto_submit: true, instructions: 'Look twice.' };
  return {
    queue: { ...queue, purpose: 'labeling', question: question(kind), ...more },
    schema_version: 1,
    classes,
  };
}

/** The page as the application mounts it: real session, outbox, prefetch and keys. */
export async function show({
  classes = animals as readonly object[],
  kind = 'single_choice',
  limit = 12,
  search = '',
  queue = {},
  session: own = {},
} = {}) {
  const given: Record<string, unknown> = {
    [`${P}/workbench`]: workbenchOf(classes, kind, queue),
    '/api/v1/assist/models': { results: [] },
    [`${P}/history`]: { results: [], next: null },
    [`POST ${P}/next`]: async (request: Request) => {
      const { want, holding } = await request.json();
      const leases: Lease[] = [];
      while (leases.length + holding.length < want && server.served < limit)
        leases.push(lease(++server.served));
      return { leases, lost: [], remaining: limit - server.served, message: null };
    },
    'POST /api/v1/submissions': async (request: Request) => {
      if (server.refusal) server.refused += 1;
      if (server.refusal) return Response.json(server.refusal, { status: server.refusal.status });
      const body = (await request.json()) as SubmitBody;
      server.sent.push(body);
      return { id: body.id, task: body.task, revision: body.revision, editable_until: null };
    },
    'POST /api/v1/leases/release': {},
  };
  // Asked anew each time: what a server says may change while a page is open.
  const routes = (request: Request) => serve({ ...given, ...server.routes })(request);
  vi.stubGlobal('fetch', async (asked: Request | string) => {
    if (typeof asked !== 'string') return routes(asked);
    server.fetched.push(asked);
    if (server.pictures === 'late') return new Promise<Response>(() => undefined);
    return server.pictures === 'broken' ? new Response(null, { status: 500 }) : new Response('png');
  });
  const user = { ...leadSession.user, id: `u${++people}` };
  const session = { ...leadSession, ...own, user } as Session;
  renderPage(<WorkbenchPage />, {
    at: `/p/emoji/label/q1${search}`,
    route: '/p/$project/label/$queue',
    session,
  });
  if (server.pictures !== 'here') await screen.findByText('Which animal?');
  else if (!search) await waitFor(() => expect(onTable()).toBe('1:shown'));
}

export function onTable(): string {
  const place = document.querySelector('[data-picture]');
  return `${place?.getAttribute('data-task')}:${place?.getAttribute('data-picture')}`;
}

export function press(code: string, more: KeyboardEventInit = {}): void {
  const key = code.replace(/^(Key|Digit)/, '').toLowerCase();
  fireEvent.keyDown(document.activeElement ?? document.body, { code, key, ...more });
}

export const answers = (): Answer[] => server.sent.map((body) => body.answer);

/** Registers the stand-ins for every test of the file. */
export function setTable(): void {
  beforeEach(() => {
    Object.assign(server, {
      sent: [],
      served: 0,
      refused: 0,
      refusal: null,
      pictures: 'here',
      fetched: [],
      routes: {},
      item: () => ({}),
    });
    vi.stubGlobal('indexedDB', new IDBFactory());
    vi.stubGlobal('createImageBitmap', async () => ({ width: 8, height: 8, close: () => undefined }));
    const context = {
      canvas: { width: 320, height: 480 },
      setTransform: () => undefined,
      clearRect: () => undefined,
      drawImage: () => undefined,
      fillRect: () => undefined,
    };
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
    // A list draws the rows that fit, and nothing fits where nothing has a size.
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(480);
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(320);
    window.addEventListener('keydown', registry.handleKey);
  });
  afterEach(() => {
    window.removeEventListener('keydown', registry.handleKey);
    vi.unstubAllGlobals();
  });
}
