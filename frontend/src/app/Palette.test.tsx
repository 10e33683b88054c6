import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { Palette } from './Palette';
import { openPalette } from './paletteStore';

const SEARCH = '/api/v1/projects/emoji/search';
const asked: string[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal(
    'fetch',
    serve({
      [SEARCH]: (request: Request) => {
        const q = new URL(request.url).searchParams.get('q') ?? '';
        asked.push(q);
        return [
          { kind: 'item', title: 'cat.png', detail: 'b19983', link: 'data/items/b19983' },
          { kind: 'audit', title: 'Weeks 3 and 4', detail: 'running', link: 'production/audits/a1' },
        ];
      },
    }),
  );
});

test('letters find what the project has, also where the match is not in the words shown', async () => {
  renderPage(<Palette />, { at: '/p/emoji/home', route: '/p/$project/$' });
  const field = await waitFor(() => {
    openPalette();
    return screen.getByPlaceholderText(/Page, picture/);
  });
  expect(screen.getByText('Versions')).toBeInTheDocument();
  await userEvent.type(field, 'b');
  expect(asked).toEqual([]);
  await userEvent.type(field, '199');
  expect(await screen.findByText('cat.png')).toBeInTheDocument();
  expect(screen.getByText('Weeks 3 and 4')).toBeInTheDocument();
  expect(asked.at(-1)).toBe('b199');
});
