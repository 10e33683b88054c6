/** Time at work: pausing it while the page is hidden keeps a lunch break out of the time for an item. */
export class Stopwatch {
  private before = 0;
  private since: number | null;

  constructor(private readonly now: () => number) {
    this.since = now();
  }

  restart(): void {
    this.before = 0;
    this.since = this.now();
  }

  pause(): void {
    this.before = this.elapsed();
    this.since = null;
  }

  resume(): void {
    this.since ??= this.now();
  }

  /** Milliseconds. */
  elapsed(): number {
    return this.before + (this.since === null ? 0 : this.now() - this.since);
  }
}
