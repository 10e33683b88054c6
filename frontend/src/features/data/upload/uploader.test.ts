import { expect, test } from 'vitest';
import { Problem, unreachable } from '@/api/problem';
import type { Upload } from '../queries';
import { type Memory, type Transport, Uploader } from './uploader';

const CHUNK = 4;

interface Sent {
  id: string;
  offset: number;
  bytes: number;
}

/** Keeps files as the real server does; `breaks` decides what goes wrong with a chunk. */
class Server implements Transport {
  readonly uploads = new Map<string, Upload>();
  readonly announced: string[][] = [];
  readonly sent: Sent[] = [];
  atOnce = 0;
  most = 0;
  breaks: (chunk: Sent, server: Server) => Error | null = () => null;
  refuses: (name: string) => string | null = () => null;

  announce: Transport['announce'] = async (files) => {
    this.announced.push(files.map((one) => one.name));
    for (const [at, one] of files.entries()) {
      const reason = this.refuses(one.name);
      if (reason)
        throw new Problem({
          title: 'The input is not valid',
          status: 422,
          code: 'invalid-input',
          errors: { [`files[${at}].name`]: [reason] },
        });
    }
    return files.map(({ name, size }) => {
      const state = size === 0 ? 'complete' : 'receiving';
      const upload = { id: `u${this.uploads.size}`, name, size, received: 0, state } as Upload;
      this.uploads.set(upload.id, upload);
      return upload;
    });
  };

  state: Transport['state'] = async (id) => {
    const found = this.uploads.get(id);
    if (!found) throw new Problem({ title: 'Not found', status: 404, code: 'not-found' });
    return found;
  };

  /** What arrives is kept, whatever becomes of the answer. */
  keep(id: string, bytes: number): Upload {
    const before = this.uploads.get(id);
    if (!before) throw new Error(`${id} was never announced.`);
    const received = before.received + bytes;
    const state = received === before.size ? 'complete' : 'receiving';
    const now = { ...before, received, state } as Upload;
    this.uploads.set(id, now);
    return now;
  }

  send: Transport['send'] = async (id, offset, chunk, signal) => {
    this.atOnce += 1;
    this.most = Math.max(this.most, this.atOnce);
    await Promise.resolve();
    this.atOnce -= 1;
    signal.throwIfAborted();
    const one = { id, offset, bytes: chunk.size };
    this.sent.push(one);
    const broken = this.breaks(one, this);
    if (broken) throw broken;
    const before = await this.state(id, signal);
    if (offset !== before.received)
      throw new Problem({
        title: 'The chunk does not continue the file',
        status: 409,
        code: 'upload-offset-mismatch',
        offset: before.received,
      });
    return this.keep(id, chunk.size);
  };
}

const memory = (): Memory => {
  let kept: Record<string, string> = {};
  return {
    read: () => ({ ...kept }),
    write: (known) => {
      kept = known;
    },
  };
};

const file = (name: string, size: number) => ({
  name,
  file: new File(['x'.repeat(size)], name, { lastModified: 1 }),
});

const uploaderOf = (server: Server, kept = memory()) => {
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  return { uploader: new Uploader(server, kept, CHUNK, wait), waits };
};

test('many files go in chunks, some at once, and are announced in batches', async () => {
  const server = new Server();
  const { uploader } = uploaderOf(server);
  uploader.add(Array.from({ length: 1100 }, (_, n) => file(`${n}.png`, 6)));
  expect(await uploader.start()).toBe(true);
  expect(server.announced.map((names) => names.length)).toEqual([500, 500, 100]);
  expect([...server.uploads.values()].every((one) => one.state === 'complete')).toBe(true);
  expect(server.sent).toHaveLength(2200);
  expect(server.most).toBe(4);
  expect(uploader.ids()).toHaveLength(1100);
  expect(uploader.progress()).toMatchObject({
    state: 'done',
    files: 1100,
    done: 1100,
    bytes: 6600,
    sent: 6600,
  });
});

test('the same file chosen twice is sent once, and an empty file needs no chunk', async () => {
  const server = new Server();
  const { uploader } = uploaderOf(server);
  uploader.add([file('a.png', 3), file('empty.csv', 0)]);
  uploader.add([file('a.png', 3)]);
  await uploader.start();
  expect(server.sent).toEqual([{ id: 'u0', offset: 0, bytes: 3 }]);
  expect(uploader.ids()).toEqual(['u0', 'u1']);
});

test('a connection that breaks costs one chunk: it is tried again, later each time', async () => {
  const server = new Server();
  const { uploader, waits } = uploaderOf(server);
  const states: string[] = [];
  let left = 3;
  server.breaks = ({ offset }) => (offset === CHUNK && left-- > 0 ? unreachable(new Error('cable')) : null);
  uploader.subscribe(() => states.push(uploader.progress().state));
  uploader.add([file('a.png', 10)]);
  expect(await uploader.start()).toBe(true);
  expect(waits).toEqual([1000, 2000, 4000]);
  expect(states).toContain('waiting');
  expect(server.sent.map((one) => one.offset)).toEqual([0, 4, 4, 4, 4, 8]);
  expect(uploader.progress()).toMatchObject({ state: 'done', sent: 10, failed: [] });
});

test('a part whose answer was lost is not sent again: the server says where to go on', async () => {
  const server = new Server();
  const { uploader } = uploaderOf(server);
  let lost = false;
  server.breaks = ({ id, bytes }, at) => {
    if (lost) return null;
    lost = true;
    at.keep(id, bytes);
    return unreachable(new Error('the answer is lost'));
  };
  uploader.add([file('a.png', 10)]);
  expect(await uploader.start()).toBe(true);
  // The first part again is refused with the offset; nothing of it is kept twice.
  expect(server.sent.map((one) => one.offset)).toEqual([0, 0, 4, 8]);
  expect(server.uploads.get('u0')).toMatchObject({ received: 10, state: 'complete' });
});

test('what a paused upload has sent stays, and it goes on from there', async () => {
  const server = new Server();
  const { uploader } = uploaderOf(server);
  server.breaks = ({ offset }) => {
    if (offset === CHUNK) uploader.pause();
    return null;
  };
  uploader.add([file('a.png', 12)]);
  expect(await uploader.start()).toBe(false);
  expect(uploader.progress()).toMatchObject({ state: 'paused', done: 0 });
  server.breaks = () => null;
  expect(await uploader.start()).toBe(true);
  expect(server.uploads.size).toBe(1);
  expect(server.uploads.get('u0')).toMatchObject({ received: 12, state: 'complete' });
});

test('after a reload the same files go on where they were; what is whole is not sent again', async () => {
  const server = new Server();
  const kept = memory();
  const before = uploaderOf(server, kept).uploader;
  const files = [file('whole.png', 3), file('half.png', 9)];
  server.breaks = ({ id, offset }) => {
    if (id === 'u1' && offset === CHUNK) before.pause();
    return null;
  };
  before.add(files);
  expect(await before.start()).toBe(false);
  const received = server.uploads.get('u1')?.received ?? 0;
  expect(received).toBeGreaterThan(0);
  expect(received).toBeLessThan(9);
  server.breaks = () => null;
  server.sent.length = 0;
  const after = uploaderOf(server, kept).uploader;
  after.add(files);
  expect(await after.start()).toBe(true);
  expect(server.announced).toHaveLength(1);
  expect(server.sent[0]).toMatchObject({ id: 'u1', offset: received });
  expect(server.sent.every((one) => one.id === 'u1')).toBe(true);
  expect(after.progress()).toMatchObject({ done: 2, resumed: 3 + received });
  expect(after.ids()).toEqual(['u0', 'u1']);
});

test('what an import has taken, or the server has forgotten, is announced anew', async () => {
  const server = new Server();
  const kept = memory();
  const first = uploaderOf(server, kept).uploader;
  first.add([file('a.png', 3), file('b.png', 3)]);
  await first.start();
  server.uploads.set('u0', { ...server.uploads.get('u0'), state: 'imported' } as Upload);
  server.uploads.delete('u1');
  const again = uploaderOf(server, kept).uploader;
  again.add([file('a.png', 3), file('b.png', 3)]);
  expect(await again.start()).toBe(true);
  expect(server.announced[1]).toEqual(['a.png', 'b.png']);
  expect(again.progress().resumed).toBe(0);
});

test('files that the server refuses are named with its reason, and the others go on', async () => {
  const server = new Server();
  const { uploader } = uploaderOf(server);
  server.refuses = (name) => (name.includes('..') ? 'A name may not leave its folder.' : null);
  server.breaks = ({ id, offset }) =>
    server.uploads.get(id)?.name === 'full.png' && offset > 0
      ? new Problem({ title: 'No', status: 422, code: 'invalid-input', detail: 'The disk is full.' })
      : null;
  uploader.add([file('../a.png', 3), file('b.png', 3), file('../c.png', 3), file('full.png', 8)]);
  expect(await uploader.start()).toBe(true);
  expect(uploader.progress().failed).toEqual([
    { name: '../a.png', reason: 'A name may not leave its folder.' },
    { name: '../c.png', reason: 'A name may not leave its folder.' },
    { name: 'full.png', reason: 'The disk is full.' },
  ]);
  expect(uploader.ids().map((id) => server.uploads.get(id)?.name)).toEqual(['b.png']);
  // What an import has taken is gone from the list; who was refused stays to be read until more is chosen.
  uploader.taken();
  expect(uploader.progress()).toMatchObject({ files: 0, state: 'idle' });
  expect(uploader.progress().failed).toHaveLength(3);
  uploader.add([file('d.png', 1)]);
  expect(uploader.progress().failed).toEqual([]);
});
