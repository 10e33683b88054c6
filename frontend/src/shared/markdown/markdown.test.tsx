import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '@/test/render';
import { Markdown, safeAddress } from './Markdown';

/** Rendered markup, without the frame of the page. */
async function shown(text: string): Promise<HTMLElement> {
  renderPage(
    <div data-testid="it">
      <Markdown text={text} />
    </div>,
  );
  return screen.findByTestId('it');
}

test('emphasis, code, keys, headings, lists and links are what they say', async () => {
  const it = await shown(
    '# Foxes\n\nPress **Enter** for a *sure* `fox`, <kbd>N</kbd> for none.\n\n- ears\n- tail\n\n3. third\n\n[more](https://example.org/a) &amp; so on',
  );
  expect(screen.getByRole('heading', { level: 3, name: 'Foxes' })).toBeInTheDocument();
  expect(it.querySelector('strong')).toHaveTextContent('Enter');
  expect(it.querySelector('em')).toHaveTextContent('sure');
  expect(it.querySelector('code')).toHaveTextContent('fox');
  expect(it.querySelector('kbd')).toHaveTextContent('N');
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['ears', 'tail', 'third']);
  expect(it.querySelector('ol')).toHaveAttribute('start', '3');
  expect(screen.getByRole('link', { name: 'more' })).toHaveAttribute('rel', 'noopener noreferrer');
  expect(it).toHaveTextContent('& so on');
  expect(it).not.toHaveTextContent('**');
});

test('lines of a paragraph are joined, and an empty line begins another', async () => {
  const it = await shown('one\ntwo  \nthree\n\nfour');
  expect([...it.querySelectorAll('p')].map((p) => p.innerHTML)).toEqual(['one\ntwo<br>three', 'four']);
});

test.each([
  '<script>alert(1)</script>',
  'a <img src=x onerror=alert(1)> b',
  '<b onclick="x()">bold</b>',
  '<kbd>never closed',
  '</kbd> alone',
])('markup stays to be read: %s', async (text) => {
  const it = await shown(text);
  expect(it.querySelector('script, img, b, kbd')).toBeNull();
  expect(it.textContent?.trim()).toBe(text);
});

test('an address that runs something is none', async () => {
  const it = await shown(
    '[here](javascript:alert(1)) [there](data:text/html,x) ![seen](https://example.org/p.png)',
  );
  expect(screen.getAllByRole('link').map((link) => link.getAttribute('href'))).toEqual([
    'https://example.org/p.png',
  ]);
  expect(it.querySelector('img')).toBeNull();
  expect(it).toHaveTextContent('here there seen');
  expect(safeAddress('//evil.example')).toBeNull();
  expect(safeAddress('JAVASCRIPT:alert(1)')).toBeNull();
  expect(safeAddress('/p/emoji/home')).toBe('/p/emoji/home');
  expect(safeAddress('mailto:lea@example.org')).toBe('mailto:lea@example.org');
});

test('nesting without an end takes nobody down', async () => {
  const it = await shown(`${'>'.repeat(4000)} deep`);
  expect(it).toHaveTextContent('deep');
  expect(it.querySelectorAll('blockquote').length).toBeLessThan(20);
});
