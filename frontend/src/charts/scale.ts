/** The little arithmetic that the charts need. */

export type Domain = readonly [number, number];

/** A linear map; a domain without width maps to the middle of the range. */
export function linear(domain: Domain, range: Domain): (value: number) => number {
  const width = domain[1] - domain[0];
  if (width === 0) return () => (range[0] + range[1]) / 2;
  return (value) => range[0] + ((value - domain[0]) / width) * (range[1] - range[0]);
}

/** Round values (1, 2 or 5 times a power of ten) that cover the domain, about `count` of them. */
export function ticks([low, high]: Domain, count = 5): number[] {
  if (!(high > low) || !Number.isFinite(high - low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** The smallest domain around all values, widened by `pad` of its width; [0, 1] when there are none. */
export function extent(values: readonly number[], pad = 0): Domain {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  let low = finite[0] ?? 0;
  let high = low;
  for (const value of finite) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const extra = (high - low) * pad;
  return [low - extra, high + extra];
}

/** Counts as shares of their sum; all zero when there is nothing. */
export function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, n) => sum + n, 0);
  return counts.map((n) => (total > 0 ? n / total : 0));
}
