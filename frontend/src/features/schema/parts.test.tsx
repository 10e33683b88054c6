import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { counting, documentOf, drawn, measureEverything, show } from './schema.fixtures';

measureEverything();

test('an attribute of shapes is written with its answers and the classes that carry it', async () => {
  const user = userEvent.setup();
  const asked = vi.fn();
  show(counting(asked), { questions: [drawn] });
  await user.click(await screen.findByRole('button', { name: 'Ask something of each shape' }));
  expect(screen.getByText('Give it at least two answers.')).toBeVisible();
  const title = screen.getByLabelText('Asked in English');
  await user.clear(title);
  await user.type(title, 'How much is hidden?');
  await user.click(screen.getByRole('button', { name: 'Add an answer' }));
  await user.clear(screen.getByLabelText('Answer 1 in English'));
  await user.type(screen.getByLabelText('Answer 1 in English'), 'Half');
  await user.type(screen.getByLabelText('Answer 1 in Korean'), '절반');
  await user.click(screen.getByRole('combobox', { name: 'Of shapes of' }));
  await user.click(await screen.findByRole('option', { name: 'Wheel' }));
  await user.click(screen.getByLabelText('Has to be given'));
  const { attributes } = await documentOf(user, asked);
  expect(attributes).toMatchObject([
    {
      key: 'new_attribute',
      kind: 'single_choice',
      title: { en: 'How much is hidden?' },
      required: true,
      for_classes: ['wheel'],
      classes: [{ key: 'new-answer', names: { en: 'Half', ko: '절반' } }],
    },
  ]);
});

test('a skeleton is drawn: points move, join and get names; those with shapes neither come nor go', async () => {
  const user = userEvent.setup();
  const asked = vi.fn();
  show(counting(asked), { questions: [drawn] });
  const tip = await screen.findByRole('button', { name: /^tip, at 75% from the left and 50% from the top$/ });
  expect(screen.queryByRole('button', { name: 'Remove tip' })).toBeNull();
  tip.focus();
  await user.keyboard('{ArrowUp}{ArrowUp}{Enter}');
  await user.click(screen.getByRole('button', { name: /^wrist/ }));
  expect(screen.getByRole('button', { name: /^tip, at 75% .* 46% .* joined with wrist$/ })).toBeVisible();
  await user.clear(screen.getByLabelText('Name of point 2'));
  expect(screen.getByText('A point needs a name.')).toBeVisible();
  await user.type(screen.getByLabelText('Name of point 2'), 'finger');
  await user.click(screen.getByRole('button', { name: 'Add a skeleton' }));
  await user.click(screen.getByRole('button', { name: 'Add a point' }));
  const { skeletons } = await documentOf(user, asked);
  expect(skeletons?.[0]).toMatchObject({ names: ['wrist', 'finger'], edges: [[1, 0]] });
  expect(skeletons?.[0]?.layout?.[1]).toEqual({ x: 0.75, y: 0.46 });
  expect(skeletons?.[1]).toMatchObject({ key: 'skeleton', names: ['point 1', 'point 2', 'point 3'] });
});
