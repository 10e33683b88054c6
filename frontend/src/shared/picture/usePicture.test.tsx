import { render, screen, waitFor } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakePath2D } from '@/engine/testPath2D';
import { serve } from '@/test/render';
import { usePicture } from './usePicture';

/** As the review and the comparison of two drawings show pictures: only network and canvas are stand-ins. */

const TOLD = {
  problem: '',
  width: 8000,
  height: 7000,
  tile_size: 512,
  min_level: 9,
  max_level: 13,
  url: '/media/{level}/{column}_{row}.webp',
};
let state = 'pending';
let problem = '';

beforeEach(() => {
  const context: unknown = new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => 0 : context),
    apply: () => context,
    set: () => true,
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  vi.stubGlobal('Path2D', FakePath2D);
  vi.stubGlobal('createImageBitmap', async () => ({ width: 8, height: 8, close: () => undefined }));
  const routes = serve({ '/api/v1/tiles/7': () => ({ ...TOLD, state, problem }) });
  vi.stubGlobal('fetch', async (asked: Request | string) =>
    typeof asked === 'string' ? new Response('webp') : routes(asked),
  );
});
afterEach(() => vi.unstubAllGlobals());

const NONE: never[] = [];

function Shown({ item }: { item: { image_url: string | null; tiles_url: string | null } }) {
  const host = useRef<HTMLDivElement>(null);
  const { state: now, reason } = usePicture(host, { item, layers: NONE, templates: NONE });
  return (
    <>
      <div ref={host} />
      <p>{`${now} ${reason}`.trim()}</p>
    </>
  );
}

const large = { image_url: '/whole/7', tiles_url: '/api/v1/tiles/7' };

test('a picture that is being cut is asked for again by itself', async () => {
  state = 'pending';
  render(<Shown item={large} />);
  expect(await screen.findByText('preparing')).toBeInTheDocument();
  state = 'ready';
  await waitFor(() => expect(screen.getByText('shown')).toBeInTheDocument(), { timeout: 15_000 });
});

test('one that cannot be cut says why, and one without an address cannot be shown', async () => {
  state = 'failed';
  problem = 'The stored file is gone.';
  const { rerender } = render(<Shown item={large} />);
  expect(await screen.findByText('failed The stored file is gone.')).toBeInTheDocument();
  rerender(<Shown item={{ image_url: null, tiles_url: null }} />);
  expect(await screen.findByText('failed')).toBeInTheDocument();
});
