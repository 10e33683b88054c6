import { appendFileSync } from 'node:fs';

/** An answer as it is sent. */
export interface Answer {
  kind: string;
  classes?: string[];
  reason?: string;
}

/** An answer that lies in the browser's outbox at the end: refused by the server, or never confirmed. */
export interface Kept {
  id: string;
  task: number;
  /** Above 1: a correction. */
  revision: number;
  answer: Answer;
  state: string;
  code: string;
}

/**
 * What people did and saw, one line of JSON each, written down before anything else happens, so that it outlives the
 * browser and this process. `bench/chaos/seen.py` compares it with the database.
 */
export class Ledger {
  /** Answers that somebody saw taken. */
  taken = 0;
  /** Keys pressed in a tab that died before one could see whether they were taken. */
  unsure = 0;
  readonly counts = new Map<string, number>();

  constructor(private readonly path: string) {}

  note(what: 'taken' | 'unsure', person: string, task: number, answer: Answer): void {
    this[what] += 1;
    this.write({ what, person, task, answer });
  }

  kept(person: string, entry: Kept): void {
    this.write({ what: 'kept', person, ...entry });
  }

  /** A blow, or something that a person had to do besides answering. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    this.write({ what: 'count', name: what });
  }

  private write(line: object): void {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }
}
