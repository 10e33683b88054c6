import type { Page } from '@playwright/test';

/** What the application would ask the server, as whoever is signed in: with the session's cookie and its token. */
export async function call<T>(page: Page, path: string, body?: unknown, method = 'POST'): Promise<T> {
  const cookies = await page.context().cookies();
  const token = cookies.find(({ name }) => name === 'csrftoken')?.value ?? '';
  const headers = { 'X-CSRFToken': token, 'Idempotency-Key': `${Math.random()}` };
  const answer = await page.request.fetch(
    `/api/v1${path}`,
    body === undefined ? {} : { method, headers, data: body },
  );
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}
