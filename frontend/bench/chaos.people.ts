import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, test } from '@playwright/test';
import { Dice } from '../e2e/chaos/dice';
import { Ledger } from '../e2e/chaos/ledger';
import { Person, type Rates } from '../e2e/chaos/person';
import type { Place } from '../e2e/support/queue';
import { chromium as installed } from '../playwright.config';

/** Told by bench/chaos/browser.py, which strikes the server at the same time and judges in the end. */
interface Setup {
  url: string;
  place: Place;
  people: { email: string; password: string }[];
  tabs: number;
  seed: number;
  ledger: string;
  /** A file that is made when no blow falls any more: people stop, and what is unsent is sent. */
  calm: string;
  /** Folder of the browsers' profiles: on disk, so that what is stored outlives the browser. */
  homes: string;
}

const RATES: Rates = {
  skip: 0.015,
  goBack: 0.03,
  close: 0.004,
  crash: 0.004,
  reload: 0.003,
  crashInKey: 0.003,
  line: { cut: 0.01, lost: 0.03, slow: 0.01 },
};
/** By answers, not by the clock: a slow machine gets as many mishaps for an answer as a fast one. */
const CALM_ANSWERS = [15, 60] as const;
const OFFLINE_MS = [200, 4_000] as const;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('people label while everything around them dies', async () => {
  const setup = JSON.parse(readFileSync(process.env.CHAOS_SETUP ?? '', 'utf8')) as Setup;
  const ledger = new Ledger(setup.ledger);
  let over = false;
  const isOver = () => over;
  const look = setInterval(() => (over ||= existsSync(setup.calm)), 200);
  const people = setup.people.map(({ email, password }, n) => {
    const dice = new Dice(setup.seed * 1000 + n);
    const home = join(setup.homes, String(n));
    const open = () => openBrowser(home, () => person.browserDied());
    const { url, place, tabs } = setup;
    const person = new Person({
      email,
      password,
      place,
      url,
      tabs,
      dice,
      ledger,
      rates: RATES,
      open,
      isOver,
    });
    return { person, home, dice };
  });
  await Promise.all(
    people.flatMap(({ person, home, dice }) => [person.work(), trouble(person, home, dice, ledger, isOver)]),
  );
  clearInterval(look);
  for (const { person } of people) {
    await person.finish();
    await (await person.browser()).close();
  }
});

async function openBrowser(home: string, whenClosed: () => void): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(home, {
    executablePath: installed(),
    args: ARGUMENTS,
    viewport: { width: 1000, height: 640 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  context.on('close', whenClosed);
  return context;
}

/** What befalls a person as a whole. */
async function trouble(
  person: Person,
  home: string,
  dice: Dice,
  ledger: Ledger,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const until = person.taken + dice.between(...CALM_ANSWERS);
    while (person.taken < until && !isOver()) await pause(100);
    if (isOver()) return;
    const chance = dice.throw();
    if (chance < 0.6) {
      ledger.count('browsers without a network');
      await person.setOffline(true);
      await pause(dice.between(...OFFLINE_MS));
      await person.setOffline(false);
    } else if (chance < 0.85) {
      ledger.count('session cookies lost');
      await person.loseCookie();
    } else {
      const pid = browserOf(home);
      if (pid === null) continue;
      ledger.count('browsers killed with -9');
      process.kill(pid, 'SIGKILL');
    }
  }
}

/** The browser that this process has started on that profile; it takes its tabs with it. */
function browserOf(home: string): number | null {
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const said = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      const isMine = parent === process.pid && said.includes(`--user-data-dir=${home}`);
      if (isMine && !said.some((part) => part.startsWith('--type='))) return Number(name);
    } catch {
      // It has ended while we looked.
    }
  }
  return null;
}
