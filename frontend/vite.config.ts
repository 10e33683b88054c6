import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.TOUCHSTONE_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig(({ command }) => ({
  // Django serves the build under its own static prefix; the development server is at the root.
  base: command === 'build' ? '/static/app/' : '/',
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    manifest: true,
    sourcemap: false,
    target: 'es2022',
    // Inlined assets would need `data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      // The server compares the origin with the host that was asked, so the host must stay as it is.
      ['/api', '/media'].map((path) => [path, { target: server, changeOrigin: false }]),
    ),
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    maxWorkers: 2,
    // No assertion on the clock: a busy machine is slow, not wrong.
    testTimeout: 120_000,
  },
}));
