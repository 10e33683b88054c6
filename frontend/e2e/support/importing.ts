import { expect, type Page } from '@playwright/test';
import { call } from './api';

interface Job {
  state: string;
  error?: string;
}

/** Waits until a job has ended well. */
export async function jobDone(page: Page, project: string, job: string): Promise<void> {
  const state = async () => (await call<Job>(page, `/projects/${project}/jobs/${job}`)).state;
  await expect.poll(state, { timeout: 90_000 }).toBe('succeeded');
}

/** Imports one file as the page does: announced, sent, taken in. Whoever is signed in must lead the project. */
export async function importFile(
  page: Page,
  project: string,
  file: { name: string; bytes: Buffer; source: string },
): Promise<void> {
  const at = `/projects/${project}`;
  const { name, bytes, source } = file;
  const { uploads } = await call<{ uploads: { id: string }[] }>(page, `${at}/uploads`, {
    files: [{ name, size: bytes.length }],
  });
  const id = uploads[0]?.id ?? '';
  const token = (await page.context().cookies()).find((one) => one.name === 'csrftoken')?.value ?? '';
  const sent = await page.request.patch(`/api/v1${at}/uploads/${id}`, {
    data: bytes,
    headers: {
      'X-CSRFToken': token,
      'Upload-Offset': '0',
      'Content-Type': 'application/octet-stream',
    },
  });
  if (!sent.ok()) throw new Error(`${name}: ${sent.status()} ${await sent.text()}`);
  const begun = await call<{ job: string | { id: string } }>(page, `${at}/imports`, {
    source,
    uploads: [id],
  });
  await jobDone(page, project, typeof begun.job === 'string' ? begun.job : begun.job.id);
}
