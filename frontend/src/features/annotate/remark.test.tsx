import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { answers, lease, onTable, press, server, setTable, show } from './testBench';

setTable();

test('what came back says why and shows the place; an answer goes on as ever', async () => {
  const answer = { kind: 'class', classes: ['cat'] };
  const sentBack = { ...lease(1), remark: { comment: 'Look at the ears.', x: 2, y: 3, answer } };
  let asked = 0;
  server.routes['POST /api/v1/projects/emoji/queues/q1/next'] = () => {
    asked += 1;
    return { leases: asked === 1 ? [sentBack, lease(2)] : [], lost: [], remaining: 2, message: null };
  };
  await show();
  expect(screen.getByRole('note')).toHaveTextContent('A reviewer sent your answer backLook at the ears.');
  expect(await screen.findByRole('img', { name: 'The place that the reviewer means' })).toBeInTheDocument();
  press('Digit2');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  expect(screen.queryByRole('note')).toBeNull();
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['dog'] }]));
});

test('a change of the instructions opens by itself and is acknowledged once', async () => {
  const read: number[] = [];
  const said = {
    revision: 2,
    instructions: 'Foxes are no cats.',
    note: 'Foxes',
    changed_at: null,
    examples: [],
  };
  const at = '/api/v1/projects/emoji/queues/q1/guideline';
  server.routes[at] = { ...said, acknowledged: 1, is_new: true };
  server.routes[`POST ${at}/acknowledge`] = async (request: Request) => {
    const { revision } = await request.json();
    read.push(revision);
    return { ...said, acknowledged: revision, is_new: false };
  };
  await show();
  const button = await screen.findByRole('button', { name: 'I have read it' }, { timeout: 15_000 });
  await waitFor(() => expect(button).toHaveFocus());
  // While it is open a key answers nothing.
  press('Digit2');
  expect(answers()).toEqual([]);
  button.click();
  await waitFor(() => expect(read).toEqual([2]));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'I have read it' })).toBeNull());
});
