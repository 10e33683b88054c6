import type { Page } from '@playwright/test';
import type { Kept } from './ledger';

/** What a person sees of the workbench. */
export interface Sight {
  /** The place of the picture is on the page. */
  there: boolean;
  /** Task on the table, '' when there is none. */
  task: string;
  picture: string;
  /** Somebody wants the password. */
  asks: boolean;
}

interface Eyes {
  now(): Sight;
  moved(before: string, ms: number): Promise<Sight>;
  ready(ms: number): Promise<Sight>;
}

declare global {
  interface Window {
    __eyes?: Eyes;
  }
}

/** Runs in every page before its own scripts: sees changes when they are on the page, without asking again and again. */
export function openEyes(): void {
  const now = (): Sight => {
    const place = document.querySelector('[data-picture]');
    return {
      there: place !== null,
      task: place?.getAttribute('data-task') ?? '',
      picture: place?.getAttribute('data-picture') ?? '',
      asks: document.querySelector('input[name=password]') !== null,
    };
  };
  const until = (holds: (sight: Sight) => boolean, ms: number) =>
    new Promise<Sight>((resolve) => {
      const finish = () => {
        observer.disconnect();
        clearTimeout(timer);
        resolve(now());
      };
      const observer = new MutationObserver(() => holds(now()) && finish());
      const timer = setTimeout(finish, ms);
      observer.observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ['data-task', 'data-picture', 'name'],
      });
      if (holds(now())) finish();
    });
  window.__eyes = {
    now,
    moved: (before, ms) => until((sight) => (sight.there && sight.task !== before) || sight.asks, ms),
    ready: (ms) => until((sight) => (sight.task !== '' && sight.picture === 'shown') || sight.asks, ms),
  };
}

const BLIND: Sight = { there: false, task: '', picture: '', asks: false };

export async function moved(page: Page, before: string, ms: number): Promise<Sight> {
  return page.evaluate(([task, wait]) => window.__eyes?.moved(task, wait), [before, ms] as const).then(seen);
}

export async function ready(page: Page, ms: number): Promise<Sight> {
  return page.evaluate((wait) => window.__eyes?.ready(wait), ms).then(seen);
}

export const isReady = (sight: Sight) => sight.task !== '' && sight.picture === 'shown' && !sight.asks;

const seen = (sight: Sight | undefined): Sight => sight ?? BLIND;

/** All entries of this browser's outboxes, read from the store itself. */
export function readOutbox(page: Page): Promise<Kept[]> {
  return page.evaluate(async () => {
    const ask = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const found: Kept[] = [];
    for (const name of names.filter((one) => one.startsWith('touchstone-'))) {
      const db = await ask(indexedDB.open(name));
      const entries = await ask(db.transaction('outbox').objectStore('outbox').getAll());
      for (const { id, state, body, problem } of entries)
        found.push({
          id,
          state,
          task: body.task,
          revision: body.revision,
          answer: body.answer,
          code: problem?.code ?? '',
        });
      db.close();
    }
    return found;
  });
}
