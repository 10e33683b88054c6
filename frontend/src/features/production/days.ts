/** Calendar days of the person's own clock, as a date field holds them. */

/** "2026-11-22" → the instant when that day begins here. */
export function dayStart(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

/** The instant when the day ends, or now where that is still to come. */
export function dayEnd(day: string, now = Date.now()): string {
  const next = new Date(`${day}T00:00:00`);
  next.setDate(next.getDate() + 1);
  return new Date(Math.min(next.getTime(), now)).toISOString();
}

/** The day `back` days before today, as a date field wants it. */
export function daysAgo(back: number, now = Date.now()): string {
  const then = new Date(now);
  then.setDate(then.getDate() - back);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${then.getFullYear()}-${pad(then.getMonth() + 1)}-${pad(then.getDate())}`;
}
