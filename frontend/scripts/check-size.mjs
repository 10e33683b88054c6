// Size budgets of the built application, gzipped. Fails the build when one is exceeded.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** The files of an entry with everything it imports statically, each once. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunk.imports ?? []) closure(next, seen);
  return seen;
}

const kb = (keys) =>
  [...keys]
    .map((key) => manifest[key].file)
    .filter((file) => file.endsWith('.js'))
    .reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0) / 1000;

const initial = closure('index.html');
// What every page of a signed-in person has loaded already.
const frame = new Set([...initial, ...closure('src/app/SignedIn.tsx')]);
const extra = (key) => new Set([...closure(key)].filter((k) => !frame.has(k)));
/** Of the same words in several languages those that take the most room. */
const longest = (end) =>
  Object.keys(manifest)
    .filter((key) => key.startsWith('src/locales/') && key.endsWith(end))
    .sort((a, b) => kb([b]) - kb([a]))[0];
const find = (end) => Object.keys(manifest).find((k) => k.endsWith(end));

const budgets = [['initial JavaScript', initial, 170]];
const workbench = find('features/annotate/WorkbenchPage.tsx');
const shapes = find('features/annotate/shapes/ShapeBody.tsx');
if (workbench && shapes) {
  // Everything that is fetched without somebody's doing: the frame, the page, the words of the longest language, and the
  // list of many classes.
  const words = ['common', 'annotate'].map((name) => longest(`/${name}.json`));
  const parts = [workbench, ...words, find('annotate/components/VirtualRows.tsx')];
  const first = new Set([...frame, ...parts.flatMap((key) => [...extra(key)])]);
  budgets.push(['first labeling page', first, 230]);
  budgets.push(['workbench chunk', extra(workbench), 46]);
  // Comes after that, and only where a question asks for it.
  budgets.push(['drawing', new Set([...extra(shapes)].filter((key) => !first.has(key))), 47]);
}
for (const key of Object.keys(manifest).filter((k) => /features\/.*Page\.tsx$/.test(k) && k !== workbench)) {
  budgets.push([key.replace('src/features/', ''), extra(key), 150]);
}

let failed = false;
for (const [name, keys, limit] of budgets) {
  const size = kb(keys);
  const over = size > limit;
  failed ||= over;
  console.log(`${over ? 'OVER ' : 'ok   '} ${name}: ${size.toFixed(1)} of ${limit} kB`);
}
if (failed) {
  console.error('A size budget is exceeded: load the heavy part lazily, or argue for a new budget.');
  process.exit(1);
}
