import { afterEach, expect, test, vi } from 'vitest';
import { http, onSessionExpired, withQuery } from './http';
import { Problem } from './problem';

function answer(status: number, body: unknown, type = 'application/json') {
  const fetched = vi.fn(async (_request: Request) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(status === 204 ? null : text, { status, headers: { 'Content-Type': type } });
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

test('a POST carries the CSRF token and the idempotency key', async () => {
  // biome-ignore lint/suspicious/noDocumentCookie: this is what Django sets
  document.cookie = 'csrftoken=abc123';
  const fetched = answer(201, { id: 7 });
  await expect(http.post('/api/v1/things', { body: { a: 1 }, idempotencyKey: 'k1' })).resolves.toEqual({
    id: 7,
  });
  const request = fetched.mock.calls[0]?.[0];
  expect(request?.headers.get('X-CSRFToken')).toBe('abc123');
  expect(request?.headers.get('Idempotency-Key')).toBe('k1');
});

test('problem+json becomes a Problem with its code and field errors', async () => {
  answer(422, { title: 'Invalid', status: 422, code: 'validation', errors: { name: ['Too long.'] } });
  const error = await http.post('/api/v1/things').catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Problem);
  expect((error as Problem).code).toBe('validation');
  expect((error as Problem).fieldErrors).toEqual({ name: 'Too long.' });
});

test("a proxy's HTML page is still a Problem, without the markup", async () => {
  answer(502, '<html>Bad gateway</html>', 'text/html');
  const error = (await http.get('/api/v1/things').catch((e: unknown) => e)) as Problem;
  expect(error.status).toBe(502);
  expect(error.message).not.toContain('<');
});

test('no answer at all has the status 0', async () => {
  vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('Failed to fetch')));
  const error = (await http.get('/api/v1/things').catch((e: unknown) => e)) as Problem;
  expect(error.status).toBe(0);
});

test('a 401 announces the end of the session, but not for the sign-in itself', async () => {
  const ended = vi.fn();
  const stop = onSessionExpired(ended);
  answer(401, { title: 'Sign in', status: 401, code: 'not-authenticated' });
  await http.post('/api/v1/session').catch(() => undefined);
  expect(ended).not.toHaveBeenCalled();
  await http.get('/api/v1/things').catch(() => undefined);
  expect(ended).toHaveBeenCalledOnce();
  stop();
});

test('204 is nothing', async () => {
  answer(204, '');
  await expect(http.delete('/api/v1/things/1')).resolves.toBeUndefined();
});

test('empty query values are left out and lists repeat', () => {
  expect(withQuery('/x', { a: 1, b: undefined, c: '', d: ['p', 'q'], e: false })).toBe(
    '/x?a=1&d=p&d=q&e=false',
  );
});
