// How long the tools that look at the picture take, and how long the page stands still for them: `npm run bench:tools`.
// Headless Chromium without a GPU, a picture of 12 megapixels. What the page does is counted in CPU time of its own thread, so
// that other work on the machine does not make it more; the answer is waited for by the clock.
import { openBench } from './open.mjs';

const ROUNDS = 3;

const { server, browser } = await openBench();

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** For each pair of marks the CPU time of the longest task of the page's thread between them, in ms. */
function longestTasks(trace) {
  const { traceEvents: events } = JSON.parse(trace.toString());
  const marks = events.filter(({ cat, name }) => cat?.includes('user_timing') && /^(begin|end)$/.test(name));
  const [{ pid, tid }] = marks;
  const tasks = events.filter((e) => e.pid === pid && e.tid === tid && e.tdur && e.name.includes('RunTask'));
  const begins = marks.filter(({ name }) => name === 'begin');
  return begins.map(({ ts: from }) => {
    const to = marks.find(({ name, ts }) => name === 'end' && ts > from).ts;
    const within = tasks.filter(({ ts, dur }) => ts + dur > from && ts < to);
    return Math.max(...within.map(({ tdur }) => tdur)) / 1000;
  });
}

const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
page.on('pageerror', (error) => console.error(error));

async function ask(name, ...given) {
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', 'devtools.timeline'] });
  const found = await page.evaluate(([what, args]) => globalThis.bench[what](...args), [name, given]);
  return { found, blocks: longestTasks(await browser.stopTracing()) };
}

/** Rows of a table: the first of each pair is how long the answer took, the second the longest task. */
async function measure(names, rounds, name, ...given) {
  const all = [];
  for (let n = 0; n < rounds; n += 1) all.push(await ask(name, ...given));
  names.forEach(([title, key], at) => {
    const answer = median(all.map(({ found }) => (key ? found[key] : found)));
    const block = median(all.map(({ blocks }) => blocks[at]));
    console.log(`${title.padEnd(42)} ${answer.toFixed(0).padStart(8)} ${block.toFixed(1).padStart(20)}`);
  });
  return all;
}

try {
  await page.goto(new URL('bench/tools.html', server.resolvedUrls.local[0]).href);
  await page.waitForFunction(() => 'bench' in globalThis, null, { timeout: 60_000 });
  await page.evaluate(() => globalThis.bench.open());
  console.log(`${'4096x3072'.padEnd(42)}   answer     longest task of page`);
  console.log(`${''.padEnd(42)}       ms                   CPU-ms`);
  await measure([['wand, first click']], 1, 'wand', true);
  await measure([['wand, polygon']], ROUNDS, 'wand', true);
  await measure([['wand, mask']], ROUNDS, 'wand', false);
  const wires = await measure([['livewire, a click', 'anchor']], ROUNDS, 'wire');
  const move = Math.max(...wires.map(({ found }) => found.move));
  console.log(`${'livewire, way to a place, worst of 600'.padEnd(42)} ${move.toFixed(1).padStart(8)}`);
  const strokes = [
    ['brush into a mask of the whole picture', 'down'],
    ['end of the stroke', 'up'],
  ];
  await measure(strokes, ROUNDS, 'brush');
  const found = [
    ['assist by colours, a box of 8 megapixels', 'find'],
    ['taking it as a polygon', 'take'],
  ];
  await measure(found, ROUNDS, 'assist');
  const masks = await page.evaluate(() => globalThis.bench.masks());
  console.log(`encoding ${masks.encode.toFixed(0)} ms, decoding ${masks.decode.toFixed(0)} ms by the clock`);
} finally {
  await browser.close();
  await server.close();
}
