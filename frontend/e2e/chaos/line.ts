import type { CDPSession, Page } from '@playwright/test';
import type { Dice } from './dice';
import type { Ledger } from './ledger';

/** Shares of requests. */
export interface BadLine {
  /** Never reach the server. */
  cut: number;
  /** The server has handled it, and its answer is lost on the way: the nasty one. */
  lost: number;
  /** Held up for a moment, so that others overtake it. */
  slow: number;
}

const WRITES = ['*/api/v1/submissions', '*/next', '*/leases/heartbeat', '*/leases/release'];
const SLOW_MS = 1500;

interface Paused {
  requestId: string;
  request: { url: string };
  responseStatusCode?: number;
  responseErrorReason?: string;
}

/** Lets requests of one tab go wrong, below the page: it sees what a bad network shows it. */
export async function spoil(page: Page, line: BadLine, dice: Dice, ledger: Ledger): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  const name = (url: string) => url.slice(url.lastIndexOf('/') + 1);
  const handle = async ({ requestId, request, responseStatusCode, responseErrorReason }: Paused) => {
    if (responseErrorReason !== undefined) {
      await session.send('Fetch.continueRequest', { requestId });
      return;
    }
    if (responseStatusCode !== undefined) {
      ledger.count(`answers lost on the way: ${name(request.url)}`);
      await session.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionReset' });
      return;
    }
    const chance = dice.throw();
    if (chance < line.cut) {
      ledger.count(`requests cut off: ${name(request.url)}`);
      await session.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' });
    } else if (chance < line.cut + line.lost) {
      await session.send('Fetch.continueRequest', { requestId, interceptResponse: true });
    } else {
      if (chance < line.cut + line.lost + line.slow)
        await new Promise((resolve) => setTimeout(resolve, dice.between(0, SLOW_MS)));
      await session.send('Fetch.continueRequest', { requestId });
    }
  };
  // The tab may be gone by the time its request is dealt with.
  session.on('Fetch.requestPaused', (paused) => void handle(paused).catch(() => undefined));
  const patterns = WRITES.map((urlPattern) => ({ urlPattern, requestStage: 'Request' as const }));
  await session.send('Fetch.enable', { patterns });
  return session;
}
