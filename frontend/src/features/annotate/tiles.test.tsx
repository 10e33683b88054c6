import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { onTable, server, setTable, show } from './testBench';

/** A picture above 50 megapixels: as the workbench meets one. */

setTable();

const READY = {
  state: 'ready',
  problem: '',
  width: 8000,
  height: 7000,
  tile_size: 512,
  min_level: 9,
  max_level: 13,
  url: '/media/below/signed/{level}/{column}_{row}.webp',
};
const large = (n: number) => ({
  width: 8000,
  height: 7000,
  tiles_url: `/api/v1/tiles/${n}`,
  image_url: `/whole/${n}`,
});

function table(told: () => object): void {
  server.item = large;
  for (let n = 1; n <= 12; n += 1) server.routes[`/api/v1/tiles/${n}`] = told;
}

test('its coarsest tile is on the table, and the whole is never asked for', async () => {
  table(() => READY);
  await show();
  expect(onTable()).toBe('1:shown');
  expect(server.fetched).toContain('/media/below/signed/9/0_0.webp');
  expect(server.fetched.filter((url) => !url.startsWith('/media/below/signed/'))).toEqual([]);
});

test('until the tiles are ready it says so, and shows the picture by itself when they are', async () => {
  let told: object = { ...READY, state: 'pending', url: '' };
  table(() => told);
  server.pictures = 'late';
  await show();
  expect(await screen.findByText('This picture is being cut into tiles')).toBeInTheDocument();
  expect(onTable()).toBe('1:preparing');
  told = READY;
  server.pictures = 'here';
  await waitFor(() => expect(onTable()).toBe('1:shown'), { timeout: 15_000 });
  expect(screen.queryByText('This picture is being cut into tiles')).not.toBeInTheDocument();
});

test('when it cannot be cut it says why', async () => {
  table(() => ({ ...READY, state: 'failed', problem: 'The stored file is gone.', url: '' }));
  server.pictures = 'late';
  await show();
  expect(await screen.findByText('The stored file is gone.')).toBeInTheDocument();
  expect(onTable()).toBe('1:failed');
});
