import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

/** A host name of the local network; Chromium is told where it is, see playwright.config.ts. */
export const LAN_HOST = 'touchstone.lan';
const ROOT = new URL('../../../', import.meta.url).pathname;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const found = server.address();
      server.close(() => resolve(typeof found === 'object' && found ? found.port : 0));
    });
  });
}

export interface Lan {
  url: string;
  stop: () => Promise<void>;
}

/**
 * The server under test once more, as `make run HOST=0.0.0.0 PUBLIC_URL=http://touchstone.lan:…` starts it: on the same
 * database and files, with the address that people in the building type. Nothing but PUBLIC_URL is set.
 */
export async function serveLan(page: Page): Promise<Lan> {
  const known = join(ROOT, '.venv', 'bin', 'python');
  const python = process.env.TOUCHSTONE_PYTHON ?? (existsSync(known) ? known : 'python3');
  const port = await freePort();
  const url = `http://${LAN_HOST}:${port}`;
  const web: ChildProcess = spawn(
    python,
    [
      ...['-m', 'granian', '--interface', 'wsgi', 'config.wsgi:application', '--no-ws'],
      ...['--host', '127.0.0.1', '--port', String(port), '--workers', '1', '--blocking-threads', '4'],
    ],
    { cwd: ROOT, env: { ...process.env, PUBLIC_URL: url, WEB_PROCESS: '1' }, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => web.once('exit', () => resolve()));
  const answers = () =>
    page.request
      .get(`http://127.0.0.1:${port}/healthz`)
      .then((answer) => answer.status())
      .catch(() => 0);
  await expect.poll(answers, { timeout: 60_000, intervals: [500] }).toBe(200);
  return {
    url,
    stop: async () => {
      web.kill('SIGTERM');
      await ended;
    },
  };
}
