// CPU time a frame of the drawing engine, in headless Chromium without a GPU: `npm run bench:canvas`.
// Counted over the whole browser process tree, so that raster and compositing are in it, not scripts alone.
import { openBench } from './open.mjs';

const FRAMES = 180;
/** CPU-ms a frame that must not be exceeded with 10,000 polygons. */
const BUDGETS = { pan: 30, drag: 12 };
const SIZES = [2_000, 10_000];
const VERTICES = 24;

const { server, browser } = await openBench();
const session = await browser.newBrowserCDPSession();

/** CPU-seconds of all processes of the browser so far. */
async function cpuSeconds() {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

async function measure(page, gesture) {
  const before = await cpuSeconds();
  const interval = await page.evaluate(([name, frames]) => globalThis.bench[name](frames), [gesture, FRAMES]);
  return { cpu: ((await cpuSeconds()) - before) * (1000 / FRAMES), interval };
}

const show = ({ cpu, interval }) => `${cpu.toFixed(1)}/${interval.toFixed(0)}`.padStart(9);
let failed = false;
try {
  console.log(
    `CPU-ms a frame / frame interval in ms; 4096x3072 JPEG, 1600x900, ${VERTICES} vertices a polygon, ${FRAMES} frames`,
  );
  console.log('polygons     idle       pan      zoom      drag   pan zoomed in   first frame ms');
  for (const count of SIZES) {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    page.on('pageerror', (error) => console.error(error));
    await page.goto(new URL('bench/index.html', server.resolvedUrls.local[0]).href);
    await page.waitForFunction(() => 'bench' in globalThis, null, { timeout: 60_000 });
    const { firstFrameMs } = await page.evaluate(([n, v]) => globalThis.bench.load(n, v), [count, VERTICES]);
    const settle = () => page.evaluate(() => globalThis.bench.wait(1200));
    const found = {};
    for (const gesture of ['idle', 'pan', 'zoom', 'drag']) {
      if (gesture === 'drag') await page.evaluate(() => globalThis.bench.fit());
      await settle();
      found[gesture] = await measure(page, gesture);
    }
    await page.evaluate(() => globalThis.bench.closer());
    const near = await measure(page, 'pan');
    console.log(
      `${String(count).padStart(8)}${show(found.idle)} ${show(found.pan)} ${show(found.zoom)} ${show(found.drag)} ${show(near).padStart(15)} ${firstFrameMs.toFixed(0).padStart(16)}`,
    );
    if (process.env.BENCH_SHOT) await page.screenshot({ path: `${process.env.BENCH_SHOT}-${count}.png` });
    if (count === Math.max(...SIZES)) {
      for (const [gesture, budget] of Object.entries(BUDGETS)) {
        if (found[gesture].cpu <= budget) continue;
        failed = true;
        console.error(`${gesture}: ${found[gesture].cpu.toFixed(1)} CPU-ms a frame, budget ${budget}`);
      }
    }
    await page.close();
  }
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  page.on('pageerror', (error) => console.error(error));
  await page.goto(new URL('bench/index.html', server.resolvedUrls.local[0]).href);
  await page.waitForFunction(() => 'bench' in globalThis, null, { timeout: 60_000 });
  await page.evaluate(() => globalThis.bench.loadTiled());
  const tiled = {};
  for (const gesture of ['idle', 'pan', 'zoom']) tiled[gesture] = await measure(page, gesture);
  console.log(
    `192 megapixels in tiles, at 100 %: idle ${show(tiled.idle)} pan ${show(tiled.pan)} zoom ${show(tiled.zoom)}`,
  );
} finally {
  await browser.close();
  await server.close();
}
process.exit(failed ? 1 : 0);
