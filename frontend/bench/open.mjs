import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { createServer } from 'vite';

/** The pages of the benchmarks from their source, and a Chromium without a GPU, as the machine has it. */
export async function openBench() {
  const executablePath = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error('No Chromium was found. Install it, or name it in the variable CHROMIUM.');
  const server = await createServer({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', watch: null, hmr: false, proxy: {} },
    optimizeDeps: { noDiscovery: true, include: ['flatbush'] },
  });
  await server.listen();
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-color-profile=srgb'],
  });
  return { server, browser };
}
