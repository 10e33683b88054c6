import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { registry } from '@/actions/registry';
import { answers, onTable, press, server, setTable, show } from './testBench';
import type { Content } from './types';

setTable();

function give(contents: Content[]): void {
  server.item = (n) => ({
    kind: contents[n - 1]?.kind ?? 'text',
    image_url: null,
    content_url: `/api/v1/contents/${n}`,
    name: `text ${n}`,
  });
  contents.forEach((content, at) => {
    server.routes[`/api/v1/contents/${at + 1}`] = content;
  });
}

const text = (words: string): Content => ({ kind: 'text', text: words, columns: [] });

test('a text is read, answered with one key, and the next one is there, at its beginning', async () => {
  give([text('  Hello,\r\n\tyou.\n\nBye <b>now</b>'), text('second')]);
  await show({ limit: 2 });
  const place = await screen.findByRole('region', { name: 'text 1' });
  const lines = [...place.querySelectorAll('[class*="line"]')].map((line) => line.textContent);
  expect(lines).toEqual(['  Hello,', '\tyou.', '\u200b', 'Bye <b>now</b>']);
  expect(screen.getByLabelText('2 items ready')).toBeInTheDocument();
  press('Digit2');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  expect(screen.getByRole('region', { name: 'text 2' })).toHaveTextContent('second');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['dog'] }]));
});

test('a very long text comes in parts, and every line has its number', async () => {
  give([text(Array.from({ length: 4_500 }, (_, at) => `line ${at + 1}`).join('\n'))]);
  await show({ limit: 1 });
  await screen.findByRole('region', { name: 'text 1' });
  const lines = () => [...document.querySelectorAll<HTMLElement>('[data-written] [class*="line"]')];
  expect([lines().length, lines().at(-1)?.textContent]).toEqual([2000, 'line 2000']);
  fireEvent.click(screen.getByText('2,500 more lines'));
  expect([lines().length, lines().at(-1)?.textContent]).toEqual([4000, 'line 4000']);
  expect(lines()[2000]?.parentElement?.style.counterSet).toBe('line 2000');
});

test('the letters grow with the keys that zoom a picture, and keys turn the page', async () => {
  give([text('words')]);
  await show({ limit: 1 });
  const place = await screen.findByRole('region', { name: 'text 1' });
  const turned: number[] = [];
  place.scrollBy = ((to: ScrollToOptions) => turned.push(to.top ?? 0)) as never;
  act(() => press('Equal', { key: '=' }));
  expect(Number.parseFloat(place.style.fontSize)).toBeCloseTo(1.15);
  act(() => press('KeyF'));
  expect(place.style.fontSize).toBe('1rem');
  press('PageDown');
  press('PageUp');
  expect(turned).toEqual([432, -432]);
});

test('a record is a table of definitions: typed, with units, and what is missing is said', async () => {
  const columns: Content['columns'] = [
    { name: 'weight', type: 'number', unit: 'kg', value: 1234.5 },
    { name: 'born', type: 'datetime', unit: '', value: '2026-01-02' },
    { name: 'seen', type: 'datetime', unit: '', value: '2026-01-02T09:30:00' },
    { name: 'sold', type: 'boolean', unit: '', value: false },
    { name: 'note', type: 'text', unit: '', value: null },
  ];
  give([{ kind: 'record', text: '', columns }]);
  await show({ limit: 1 });
  const place = await screen.findByRole('region', { name: 'text 1' });
  const rows = within(place)
    .getAllByRole('term')
    .map((term) => `${term.textContent}: ${term.nextElementSibling?.textContent}`);
  expect(rows).toEqual([
    'weight: 1,234.5 kg',
    'born: Jan 2, 2026',
    'seen: 2026-01-02 09:30:00',
    'sold: no',
    'note: missing',
  ]);
});

test('a text that cannot be read is not answered, and can be tried again', async () => {
  give([text('words')]);
  let broken = true;
  server.routes['/api/v1/contents/1'] = () =>
    broken ? Response.json({ title: 'gone' }, { status: 500 }) : text('words');
  // Waits for the question instead of the item.
  server.pictures = 'broken';
  await show({ limit: 1 });
  expect(await screen.findByText('This item cannot be shown')).toBeInTheDocument();
  press('Digit1');
  expect(server.sent).toEqual([]);
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('words')).toBeInTheDocument();
});

test('what is for the eye on a picture stands beside pictures only', async () => {
  give([text('words')]);
  server.item = (n) =>
    n === 1
      ? { kind: 'text', image_url: null, content_url: '/api/v1/contents/1', name: 'text 1' }
      : { kind: 'image' };
  await show({ limit: 2 });
  await screen.findByRole('region', { name: 'text 1' });
  const tools = () => screen.getByRole('navigation', { name: 'View' });
  const names = ['100 %', 'Brightness and contrast', 'Crosshair'];
  const shown = () => names.filter((name) => within(tools()).queryByRole('button', { name }));
  const known = () =>
    ['actualSize', 'adjust', 'resetLook', 'crosshair'].filter((id) =>
      registry.actions().some((action) => action.id === `workbench.${id}`),
    );
  expect([shown(), known()]).toEqual([[], []]);
  expect(within(tools()).getAllByRole('button')).toHaveLength(3);
  press('Digit2');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  expect([shown().length, known().length]).toEqual([3, 4]);
});
