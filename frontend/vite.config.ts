import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { opencvAsset, opencvLibrary } from './scripts/opencv.ts';

const server = process.env.TOUCHSTONE_SERVER ?? 'http://127.0.0.1:8000';

/**
 * What the first labeling page is made of besides its own code, in one file instead of twenty of a few hundred bytes each:
 * together they compress better, and scripts/check-size.mjs counts every byte until the first picture.
 */
const BENCH_ICONS = /icons-react.*(ZoomIn|ZoomOut|Search|Lock|LayoutGrid|ArrowRight|ArrowLeft|Flag|Keyboard)/;
const BENCH_PARTS =
  /src.(engine.(engine|viewport|input|image.BitmapSource)|sync.(pictures|prefetch|drafts)|shared.(ui.useTip|guideline.useGuideline)|features.annotate.(state|useAnswerWords|endpoints|classActions|useWorkbenchActions|WorkbenchPage.module|components.(TopBar|Leave|KeyOf|Declines|PanelFrame|ClassPanel|SkipReasons|AdviceNote|RemarkNote)))/;
/** What drawing shares with the preview of a schema and the list of keys: in pieces it is 0.5 kB more with the first shape. */
const DRAWING_PARTS =
  /annotate.shapes.(question|Tools|AttributeField)\.|actions.drawingKeys|icons-react.*(IconCopy|IconTrash|IconBrush|IconBulb|IconCircleDot|IconEraser|IconLayersSubtract|IconLayersUnion|IconMagnet|IconPointer|IconPolygon|IconRotateRectangle|IconScissors|IconSparkles|IconSquare|IconStretching|IconTimeline|IconWand)\.|Shapes.module/;

const opencv = opencvLibrary();

export default defineConfig(({ command }) => ({
  // Django serves the build under its own static prefix; the development server is at the root.
  base: command === 'build' ? '/static/app/' : '/',
  plugins: [react(), opencvAsset(opencv)],
  // Below the base; null where the optional package is not installed.
  define: { __OPENCV__: JSON.stringify(opencv?.fileName ?? null) },
  worker: { format: 'es' },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    manifest: true,
    sourcemap: false,
    target: 'es2022',
    // Inlined assets would need `data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      preserveEntrySignatures: 'allow-extension',
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'bench-icons', test: BENCH_ICONS, minShareCount: 2 },
            { name: 'bench', test: BENCH_PARTS, minShareCount: 2 },
            { name: 'drawing', test: DRAWING_PARTS, minShareCount: 2 },
          ],
        },
      },
    },
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
