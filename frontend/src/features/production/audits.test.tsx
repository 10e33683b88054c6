import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { eventually } from '@/test/eventually';
import { freeName } from './components/AuditDesign';
import { AT, audit, given, page, show } from './testProduction';

test('audits: a number for random ones, a count that is not a rate for hard samples', async () => {
  given();
  show('?tab=audits');
  const table = await screen.findByRole('table', { name: 'Audits' });
  expect(within(table).getByText('30 of 47 wrong; not a rate')).toBeInTheDocument();
  expect(within(table).getByText('31%')).toBeInTheDocument();
  expect(screen.getByText(/Nobody is reminded to audit/)).toBeInTheDocument();
});

test('designing an audit shows its cost and exactness, and asks for exactly that', async () => {
  const sent: Record<string, unknown>[] = [];
  given({
    [`POST ${AT}/audits`]: async (request: Request) => {
      sent.push((await request.json()) as Record<string, unknown>);
      return { ...audit('random', null), class_names: {}, design: null };
    },
  });
  show('?tab=audits&design=yes');
  expect(await screen.findByText('The accuracy will be known to about ±4.2 points.')).toBeInTheDocument();
  expect(screen.getByText('Objects · score 0.20 to 0.54')).toBeInTheDocument();
  expect(screen.getByText('All others')).toBeInTheDocument();
  expect(screen.getByText(/About 30 min/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Draw and ask people' }));
  await eventually(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    endpoint: 'categories',
    budget: 200,
    strata_by: 'class_and_score',
    end: null,
  });
});

test('a second audit of a day gets a name of its own; a name that is taken is said at the field', async () => {
  expect(freeName('Audit', ['Audit', 'Audit (2)'])).toBe('Audit (3)');
  expect(freeName('Audit', ['Another'])).toBe('Audit');
  given({
    [`POST ${AT}/audits`]: Response.json(
      { title: 'A queue of that name exists', status: 409, code: 'queue-name-taken' },
      { status: 409 },
    ),
  });
  show('?tab=audits&design=yes');
  await screen.findByText(/known to about/);
  await userEvent.click(screen.getByRole('button', { name: 'Draw and ask people' }));
  expect(await screen.findByRole('textbox', { name: /Name/ })).toHaveAccessibleDescription(
    /has this name already/,
  );
});

test('an overdue schedule says by how much, and how its audits are drawn and judged', async () => {
  const set: unknown[] = [];
  given({
    [`POST ${AT}/audit-schedules`]: async (request: Request) => {
      set.push(await request.json());
      return {};
    },
    [`${AT}/audit-schedules`]: page([
      {
        id: 'c1',
        endpoint: 'categories',
        cadence_days: 14,
        budget: 60,
        strata_by: 'class',
        redundancy: 2,
        kinds: ['expert'],
        owner: { id: 'u1', name: 'Lea Lead' },
        next_due_at: '2026-11-19T00:00:00Z',
        overdue_days: 3.2,
      },
    ]),
  });
  show('?tab=audits');
  expect(await screen.findByText('Late by 3 days')).toBeInTheDocument();
  expect(screen.getByText('Every 14 days 60 predictions; Lea Lead answers for it.')).toBeInTheDocument();
  expect(screen.getByText(/2 people an item · Experts/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Change' }));
  const judges = await screen.findByLabelText(/^People a prediction/);
  await userEvent.clear(judges);
  await userEvent.type(judges, '3');
  await userEvent.click(screen.getByRole('button', { name: 'Save the schedule' }));
  await eventually(() =>
    expect(set).toEqual([
      {
        endpoint: 'categories',
        cadence_days: 14,
        budget: 60,
        strata_by: 'class',
        redundancy: 3,
        kinds: ['expert'],
        owner: null,
      },
    ]),
  );
});
