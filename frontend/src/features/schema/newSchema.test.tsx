import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { animal, counting, measureEverything, P, row, show } from './schema.fixtures';

measureEverything();

test('a new schema begins with any kind of question and is made in the page', async () => {
  const user = userEvent.setup();
  const made = vi.fn();
  const rows = [row(2), row(1)];
  const fresh = { ...row(1), id: 's9', family: 'lengths', name: 'Lengths' };
  const made9 = { ...fresh, document: { format: 1, questions: [animal] } };
  show(
    {
      [P]: () => ({ results: rows, next: null }),
      [`POST ${P}`]: async (request: Request) => {
        made(await request.json());
        rows.unshift(fresh);
        return Response.json(made9, { status: 201 });
      },
      [`${P}/s9`]: made9,
      [`${P}/s9/changes`]: { results: [], next: null },
    },
    { at: '?new=yes' },
  );
  const dialog = await screen.findByRole('dialog', { name: 'New schema' });
  await user.type(within(dialog).getByLabelText(/Name of the schema/), 'Lengths');
  await user.type(within(dialog).getByLabelText(/Question in English/), 'How long?');
  await user.click(within(dialog).getByRole('combobox', { name: 'Kind of answer' }));
  await user.click(await screen.findByRole('option', { name: 'number' }));
  await user.click(within(dialog).getByRole('button', { name: 'Begin' }));
  await user.type(await screen.findByLabelText('Unit'), 'cm');
  expect(screen.queryByRole('tree')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Make the schema' }));
  const last = await screen.findByRole('dialog', { name: 'Make the schema' });
  await user.click(within(last).getByRole('button', { name: 'Make the schema' }));
  await waitFor(() => expect(made).toHaveBeenCalledOnce());
  expect(made.mock.calls[0]?.[0]).toMatchObject({
    name: 'Lengths',
    document: { questions: [{ key: 'how_long', kind: 'number', unit: 'cm', classes: [] }] },
  });
  await waitFor(() =>
    expect(screen.getByRole('combobox', { name: 'Schema and version' })).toHaveValue('Lengths v1'),
  );
});

test('what the server refuses of a new schema is told, and the draft stays', async () => {
  const user = userEvent.setup();
  const refusal = { status: 422, code: 'invalid-input', title: 'No', detail: 'There are no classes.' };
  show({ [P]: { results: [], next: null }, [`POST ${P}`]: () => Response.json(refusal, { status: 422 }) });
  await user.click(await screen.findByRole('button', { name: 'New schema' }));
  const dialog = await screen.findByRole('dialog', { name: 'New schema' });
  await user.type(within(dialog).getByLabelText(/Name of the schema/), 'Animals');
  await user.type(within(dialog).getByLabelText(/Question in English/), 'Which?');
  await user.click(within(dialog).getByRole('button', { name: 'Begin' }));
  await user.click(await screen.findByRole('button', { name: 'Make the schema' }));
  const last = await screen.findByRole('dialog', { name: 'Make the schema' });
  await user.click(within(last).getByRole('button', { name: 'Make the schema' }));
  expect(await screen.findByText('There are no classes.')).toBeVisible();
  await user.click(within(last).getByRole('button', { name: 'Cancel' }));
  expect(screen.getByLabelText('Question in English')).toHaveValue('Which?');
});

test('a question without labels can be taken out, one with labels cannot', async () => {
  const user = userEvent.setup();
  const asked = vi.fn();
  const colour = { ...animal, key: 'colour', title: { en: 'Which colour?' } };
  show(counting(asked), { questions: [animal, colour] });
  const which = await screen.findByRole('combobox', { name: 'Question (of 2)' });
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove the question' })).toBeNull());
  await user.click(which);
  await user.click(await screen.findByRole('option', { name: /Which colour/ }));
  await user.click(screen.getByRole('button', { name: 'Remove the question' }));
  await user.click(screen.getByRole('button', { name: 'See what this changes' }));
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect(asked.mock.calls[0]?.[0].document.questions).toMatchObject([{ key: 'animal' }]);
});
