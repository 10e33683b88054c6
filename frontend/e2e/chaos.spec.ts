import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type BrowserContext, expect, request, test } from '@playwright/test';
import { Dice } from './chaos/dice';
import { Ledger } from './chaos/ledger';
import { Person, type Rates } from './chaos/person';
import { loginOf, signIn } from './support/accounts';
import { openQueue, openWorkbench } from './support/queue';

// A second try would hide the race that the first one met.
test.describe.configure({ retries: 0 });

const COUNT = 60;
const SEED = 7;
const ROOT = join(import.meta.dirname, '..', '..');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The session ends on the server; the browser does not know. */
async function endSession(context: BrowserContext, url: string): Promise<void> {
  const cookies = await context.cookies();
  const token = cookies.find(({ name }) => name === 'csrftoken')?.value ?? '';
  const elsewhere = await request.newContext({ baseURL: url, storageState: await context.storageState() });
  const reply = await elsewhere.delete('/api/v1/session', {
    headers: { 'X-CSRFToken': token, Referer: url },
  });
  await elsewhere.dispose();
  expect(reply.status()).toBe(204);
}

/** The verdict of `make chaos-browser`: every answer that was seen taken is in the database, once, as it was given. */
function judge(ledger: string, queue: string, since: number): string {
  const python = process.env.TOUCHSTONE_PYTHON ?? join(ROOT, '.venv', 'bin', 'python');
  const env = { DJANGO_SETTINGS_MODULE: 'config.settings', ...process.env };
  const args = ['-m', 'bench.chaos.seen', ledger, '--queue', queue, '--since', String(since)];
  try {
    return execFileSync(python, args, { cwd: ROOT, env, encoding: 'utf8' });
  } catch (error) {
    throw new Error(`Something was lost or doubled:\n${(error as { stdout?: string }).stdout ?? error}`);
  }
}

test('one of every mishap, and not one answer is lost or doubled', async ({ browser, baseURL }, info) => {
  test.setTimeout(150_000);
  const url = baseURL ?? '';
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  await signIn(page, 'annotator');
  const place = await openQueue(page);
  await openWorkbench(page, place);
  await page.close();

  const since = Date.now() / 1000;
  const path = info.outputPath('ledger.jsonl');
  const ledger = new Ledger(path);
  const line = { cut: 0, lost: 0, slow: 0 };
  const rates: Rates = { skip: 0.05, goBack: 0.15, close: 0, crash: 0, reload: 0.02, crashInKey: 0.02, line };
  let over = false;
  const person = new Person({
    ...loginOf('annotator'),
    place,
    url,
    tabs: 2,
    dice: new Dice(SEED),
    ledger,
    rates,
    open: async () => context,
    isOver: () => over || ledger.taken >= COUNT,
  });
  const happened = (what: string) => [...ledger.counts].some(([name]) => name.startsWith(what));
  /** Makes a part of the line fail until it has happened. */
  const spoil = async (part: 'cut' | 'lost', what: string) => {
    line[part] = 0.7;
    await expect.poll(() => happened(what), { timeout: 20_000 }).toBe(true);
    line[part] = 0;
  };
  const blows = [
    () => spoil('lost', 'answers lost on the way: submissions'),
    () => spoil('cut', 'requests cut off: submissions'),
    async () => {
      ledger.count('without a network');
      await person.setOffline(true);
      await pause(1_200);
      await person.setOffline(false);
    },
    async () => {
      ledger.count('tabs crashed');
      person.tabs[0]?.crash();
    },
    async () => {
      ledger.count('tabs closed');
      await person.tabs[1]?.close();
    },
    async () => {
      ledger.count('session cookies lost');
      await person.loseCookie();
    },
    async () => {
      ledger.count('sessions ended on the server');
      await endSession(context, url);
    },
  ];
  const strike = async () => {
    for (const [n, blow] of blows.entries()) {
      const at = ((n + 1) * COUNT) / (blows.length + 2);
      await expect.poll(() => ledger.taken, { timeout: 60_000 }).toBeGreaterThanOrEqual(at);
      await blow();
    }
  };
  try {
    await Promise.all([person.work(), strike()]);
  } finally {
    over = true;
  }
  await person.finish();
  await context.close();
  console.log(judge(path, place.queue, since));
  expect(ledger.taken).toBeGreaterThanOrEqual(COUNT);
});
