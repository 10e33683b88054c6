import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import type { Place } from '../support/queue';
import type { Dice } from './dice';
import type { Answer, Ledger } from './ledger';
import { type BadLine, spoil } from './line';
import { isReady, moved, openEyes, readOutbox, ready, type Sight } from './sight';

/** Probabilities of what one does or suffers in a tab, per answer. */
export interface Rates {
  skip: number;
  goBack: number;
  /** The tab is closed right after an answer was seen taken. */
  close: number;
  crash: number;
  reload: number;
  /** The tab crashes while the key is down. */
  crashInKey: number;
  line: BadLine;
}

export interface PersonOptions {
  email: string;
  password: string;
  place: Place;
  url: string;
  tabs: number;
  dice: Dice;
  ledger: Ledger;
  rates: Rates;
  /** Opens the browser as this person left it. */
  open: () => Promise<BrowserContext>;
  isOver: () => boolean;
}

interface WorkbenchDocument {
  queue: {
    auto_submit: boolean;
    question: { kind: string; allow_none?: boolean; allow_cannot_tell?: boolean };
  };
  classes: { key: string; selectable: boolean; hotkey: string | null }[];
}

const TAKEN_MS = 20_000;
const READY_MS = 8_000;
const PAGE_MS = 30_000;
const DRAIN_MS = 150_000;
const SKIP_REASON = { key: 'Digit2', reason: 'unclear_question' };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** An annotator with a browser and a few tabs, who answers by keyboard as fast as the workbench lets them. */
export class Person {
  private context: Promise<BrowserContext> | null = null;
  private offline = false;
  /** By key. */
  private answers: [string, Answer][] = [];
  readonly tabs: Tab[] = [];
  /** Answers that this person saw taken. */
  taken = 0;

  constructor(readonly options: PersonOptions) {}

  get address(): string {
    const { url, place } = this.options;
    return `${url}/p/${place.project}/label/${place.queue}`;
  }

  browser(): Promise<BrowserContext> {
    this.context ??= this.options.open().then(async (context) => {
      context.setDefaultTimeout(PAGE_MS);
      await context.addInitScript(openEyes);
      if (this.offline) await context.setOffline(true);
      return context;
    });
    return this.context;
  }

  /** Answers in all tabs until it is over. */
  async work(): Promise<void> {
    for (let n = 0; n < this.options.tabs; n += 1) this.tabs.push(new Tab(this));
    await Promise.all(this.tabs.map((tab) => tab.live()));
  }

  async setOffline(offline: boolean): Promise<void> {
    this.offline = offline;
    await (await this.browser()).setOffline(offline).catch(() => undefined);
  }

  async loseCookie(): Promise<void> {
    await (await this.browser()).clearCookies({ name: 'sessionid' }).catch(() => undefined);
  }

  /** The browser is gone; the next one to ask opens it anew. */
  browserDied(): void {
    this.context = null;
  }

  /** Which key means what: read once from what the workbench itself is given. */
  async keys(page: Page): Promise<[string, Answer][]> {
    if (this.answers.length > 0) return this.answers;
    const { url, place } = this.options;
    const path = `${url}/api/v1/projects/${place.project}/queues/${place.queue}/workbench`;
    const reply = await page.request.get(path);
    if (!reply.ok()) throw new Error(`${reply.status()} for ${path}`);
    const { queue, classes } = (await reply.json()) as WorkbenchDocument;
    const open = classes.filter((one) => one.selectable);
    // More than ten classes are typed, not numbered.
    const choices = open.length > 10 ? [] : open.slice(0, 9);
    const atOnce = queue.auto_submit && queue.question.kind === 'single_choice';
    // The schema's own keys, or digits in its order when it gives none.
    const keyed = choices.some(({ hotkey }) => hotkey);
    const found = choices.flatMap(({ key, hotkey }, at): [string, Answer][] => {
      const digit = keyed ? hotkey : String(at + 1);
      return atOnce && /^\d$/.test(digit ?? '') ? [[`Digit${digit}`, { kind: 'class', classes: [key] }]] : [];
    });
    if (queue.question.allow_none) found.push(['KeyN', { kind: 'none_of_these' }]);
    if (queue.question.allow_cannot_tell) found.push(['KeyT', { kind: 'cannot_tell' }]);
    this.answers = found;
    return found;
  }

  /** Signs in wherever the password is asked for: on the sign-in page, or in place. */
  async signIn(page: Page): Promise<void> {
    const field = page.locator('input[name=password]').first();
    const email = page.locator('input[name=email]').first();
    if (await email.isEditable({ timeout: 2_000 }).catch(() => false)) await email.fill(this.options.email);
    await field.fill(this.options.password, { timeout: 2_000 });
    await page.locator('form button[type=submit]').first().click({ timeout: 2_000 });
    await field.waitFor({ state: 'detached', timeout: 6_000 });
    this.options.ledger.count('signed in');
  }

  /** All is well again: everything that this browser still holds is sent. What is left is written down. */
  async finish(): Promise<void> {
    const { email, ledger } = this.options;
    await this.setOffline(false);
    const until = Date.now() + DRAIN_MS;
    let left = 0;
    do {
      try {
        const page = await (await this.browser()).newPage();
        await page.goto(this.address);
        while (Date.now() < until) {
          const sight = await ready(page, 1_000);
          if (sight.asks) await this.signIn(page);
          await page.evaluate(() => window.dispatchEvent(new Event('online')));
          left = (await readOutbox(page)).filter(({ state }) => state === 'waiting').length;
          if (left === 0 && sight.there) break;
        }
        for (const entry of await readOutbox(page)) ledger.kept(email, entry);
        await page.close();
        return;
      } catch {
        await pause(500);
      }
    } while (Date.now() < until);
    throw new Error(`The browser of ${email} could not be opened in the end.`);
  }
}

/** One tab: it lives, dies and is opened again. */
export class Tab {
  private page: Page | null = null;
  private devtools: CDPSession | null = null;
  private dead = false;
  /** A key was pressed, and nobody has seen yet what came of it. */
  private pressed: { task: string; answer: Answer } | null = null;

  constructor(private readonly person: Person) {}

  async live(): Promise<void> {
    const { isOver, ledger, dice } = this.person.options;
    while (!isOver()) {
      try {
        const page = await this.open();
        await this.answer(page);
      } catch (error) {
        if (!this.dead && !this.isGone(error)) ledger.count(`trouble: ${firstLine(error)}`);
        await pause(dice.between(50, 400));
      } finally {
        if (this.pressed)
          ledger.note('unsure', this.person.options.email, Number(this.pressed.task), this.pressed.answer);
        this.pressed = null;
        await this.close();
      }
    }
  }

  async close(): Promise<void> {
    const { page } = this;
    this.page = null;
    await page?.close().catch(() => undefined);
  }

  /** The process that shows the page dies. */
  crash(): void {
    this.dead = true;
    // There is nobody left to answer it.
    void this.devtools?.send('Page.crash').catch(() => undefined);
  }

  private async open(): Promise<Page> {
    const { rates, dice, ledger } = this.person.options;
    const context = await this.person.browser();
    const page = await context.newPage();
    this.page = page;
    this.dead = false;
    page.on('crash', () => void page.close().catch(() => undefined));
    this.devtools = await spoil(page, rates.line, dice, ledger);
    await this.load(page);
    return page;
  }

  /** The address, again and again while no server is there. */
  private async load(page: Page): Promise<void> {
    const { isOver, dice } = this.person.options;
    while (!isOver()) {
      const problem = await page.goto(this.person.address, { waitUntil: 'commit' }).then(
        () => null,
        (error: unknown) => error,
      );
      if (problem === null) return;
      if (page.isClosed()) throw problem;
      await pause(dice.between(500, 1_500));
    }
  }

  /** Until something in this tab breaks, or it is over. */
  private async answer(page: Page): Promise<void> {
    const { isOver, rates, dice, ledger } = this.person.options;
    let sight = await this.comeToTable(page);
    const keys = await this.person.keys(page);
    while (!isOver()) {
      if (dice.happens(rates.goBack)) sight = await this.goBack(page, sight);
      const [key, answer] = dice.happens(rates.skip)
        ? (['KeyX', { kind: 'skip', reason: SKIP_REASON.reason }] as const)
        : dice.pick(keys);
      this.pressed = { task: sight.task, answer };
      if (dice.happens(rates.crashInKey)) {
        ledger.count('tabs crashed with a key down');
        await page.keyboard.down(key);
        this.crash();
        return;
      }
      await page.keyboard.press(key);
      if (key === 'KeyX') await page.keyboard.press(SKIP_REASON.key);
      sight = await this.seeTaken(page, await moved(page, sight.task, TAKEN_MS));
      if (dice.happens(rates.close)) {
        ledger.count('tabs closed');
        return;
      }
      if (dice.happens(rates.crash)) {
        ledger.count('tabs crashed');
        this.crash();
        return;
      }
      if (dice.happens(rates.reload)) {
        ledger.count('tabs reloaded');
        await page.reload({ waitUntil: 'commit' });
        sight = await this.comeToTable(page);
      } else if (!isReady(sight)) sight = await this.comeToTable(page);
    }
  }

  /** What came of the key: the task has left the table, or it is still there and the key did nothing. */
  private async seeTaken(page: Page, sight: Sight): Promise<Sight> {
    const { email, ledger } = this.person.options;
    let seen = sight;
    // The answer may be on its way into the store when the password is asked for.
    if (seen.asks && seen.task === this.pressed?.task) {
      await pause(500);
      seen = await moved(page, seen.task, 1_000);
    }
    const { pressed } = this;
    if (!pressed || !seen.there) return seen;
    if (seen.task !== pressed.task) {
      this.person.taken += 1;
      ledger.note('taken', email, Number(pressed.task), pressed.answer);
    } else ledger.count('keys that were not taken');
    this.pressed = null;
    return seen;
  }

  /** Goes back to the last answer; the next key changes it. */
  private async goBack(page: Page, sight: Sight): Promise<Sight> {
    await page.keyboard.press('KeyA');
    const back = await moved(page, sight.task, 500);
    if (back.task === sight.task) return sight;
    this.person.options.ledger.count('went back to change an answer');
    return isReady(back) ? back : this.comeToTable(page);
  }

  /** Whatever a person does until there is a picture to judge: signs in, waits, tries again, loads the page anew. */
  private async comeToTable(page: Page): Promise<Sight> {
    const { isOver, ledger } = this.person.options;
    for (let tries = 0; !isOver(); tries += 1) {
      const sight = await ready(page, READY_MS);
      if (isReady(sight)) return sight;
      if (sight.asks) {
        await this.person.signIn(page).catch(() => pause(300));
        continue;
      }
      if (sight.picture === 'failed') {
        ledger.count('pictures asked for again');
        await page
          .getByRole('button', { name: 'Try again' })
          .first()
          .click({ timeout: 1_000 })
          .catch(() => undefined);
      } else if (!sight.there || tries % 4 === 3) {
        ledger.count(sight.there ? 'loaded anew: no work came' : 'loaded anew: no workbench');
        await this.load(page);
      }
    }
    throw new Error('over');
  }

  private isGone(error: unknown): boolean {
    return /closed|crashed|over|destroyed/i.test(firstLine(error)) || this.page?.isClosed() !== false;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 90) ?? '';
}
