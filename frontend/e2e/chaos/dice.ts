/** Chance that can be had again: the same seed gives the same throws. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 to 1 (mulberry32). */
  throw(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.throw();
  }

  happens(probability: number): boolean {
    return this.throw() < probability;
  }

  pick<T>(of: readonly T[]): T {
    const one = of[Math.floor(this.throw() * of.length)];
    if (one === undefined) throw new Error('There is nothing to pick from.');
    return one;
  }
}
