import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

/**
 * OpenCV for the object finder: a file of its own beside the build, where the optional package is installed. Nothing
 * imports it; the worker is told its address and loads it when somebody first takes the tool into the hand.
 */

interface Library {
  /** Below the base address. The name tells the content, so that browsers keep it for ever. */
  readonly fileName: string;
  readonly source: string;
}

/** The package is a script for old module systems; as a module it is loaded alike by a worker and by a test. */
export const asModule = (script: string): string =>
  `var module = { exports: {} }, exports = module.exports;\n${script}\nexport default module.exports;\n`;

/** Null where the package is not installed, which is no fault. */
export function opencvLibrary(): Library | null {
  try {
    const path = createRequire(import.meta.url).resolve('@techstark/opencv-js');
    const source = asModule(readFileSync(path, 'utf8'));
    const hash = createHash('sha256').update(source).digest('hex').slice(0, 10);
    return { fileName: `assets/opencv-${hash}.js`, source };
  } catch {
    return null;
  }
}

export function opencvAsset(library: Library | null): Plugin {
  return {
    name: 'opencv-asset',
    generateBundle() {
      if (library) this.emitFile({ type: 'asset', ...library });
    },
    configureServer({ middlewares }) {
      if (!library) return;
      middlewares.use(`/${library.fileName}`, (_request, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(library.source);
      });
    },
  };
}
