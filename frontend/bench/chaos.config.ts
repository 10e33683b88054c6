import { defineConfig } from '@playwright/test';

/** The people of `make chaos-browser`: one long test, started by bench/chaos/browser.py. */
export default defineConfig({
  testDir: '.',
  testMatch: 'chaos.people.ts',
  outputDir: '../test-results',
  workers: 1,
  retries: 0,
  timeout: 0,
  reporter: 'line',
});
