import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/** Chromium as the machine has it: nothing is downloaded. */
export function chromium(): string {
  const known = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = known.find((path) => path && existsSync(path));
  if (!found) throw new Error('No Chromium was found. Install it, or name it in the variable CHROMIUM.');
  return found;
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  fullyParallel: false,
  // The gate runs on machines with other work to do: a second try tells a slow moment from a fault. Tests that nothing is
  // lost, doubled or shown twice have none of their own, for it would hide a race.
  retries: 1,
  timeout: 150_000,
  expect: { timeout: 25_000 },
  reporter: process.env.CI ? [['line'], ['html', { open: 'never' }]] : 'line',
  use: {
    baseURL: process.env.TOUCHSTONE_URL ?? 'http://127.0.0.1:8000',
    viewport: { width: 1366, height: 768 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-gpu',
        '--font-render-hinting=none',
        '--force-color-profile=srgb',
        // A name of the local network, for the tests of a plain http address.
        '--host-resolver-rules=MAP touchstone.lan 127.0.0.1',
      ],
    },
  },
});
