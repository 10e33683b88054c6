import { lazy, Suspense } from 'react';
import { PlainText } from './PlainText';

// Without a connection the words are still there, as they were typed.
const Markdown = lazy(() =>
  import('./Markdown').then(
    (m) => ({ default: m.Markdown }),
    () => ({ default: PlainText }),
  ),
);

/** Markdown whose reader is fetched when the first text is shown. */
export function LazyMarkdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<PlainText text={text} />}>
      <Markdown text={text} />
    </Suspense>
  );
}
