import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { serve } from '@/test/render';
import { agreement, estimate, overview, P, queue, showQueue } from './testQueue';

afterEach(() => vi.unstubAllGlobals());

test('an overview reads agreement at the low end of its interval', async () => {
  vi.stubGlobal('fetch', serve(overview));
  showQueue();
  expect(await screen.findByText(/at this pace 5 h 00 min left/)).toBeInTheDocument();
  // alpha is 0.83, but its interval reaches down to 0.74.
  expect(await screen.findByText(/conclusions are tentative/)).toBeInTheDocument();
  expect(screen.getByLabelText(/Krippendorff's alpha, 0.83/)).toBeInTheDocument();
  expect(screen.getByText(/7 are disputed/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Review them' })).toHaveAttribute(
    'href',
    '/p/emoji/review?queue=q1',
  );
});

test('where answers are not counted, the page says how they count, and offers no consensus', async () => {
  const several = {
    ...queue,
    questions: ['kind', 'colour'],
    not_counted: 'Numbers and texts cannot be counted.',
  };
  vi.stubGlobal('fetch', serve({ ...overview, [`${P}/queues/q1`]: several }));
  showQueue();
  expect(await screen.findByRole('heading', { name: 'How these answers count' })).toBeInTheDocument();
  expect(screen.getByText(/kind, colour/)).toBeInTheDocument();
  expect(screen.queryByRole('heading', { name: 'Consensus' })).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Agreement' })).toBeNull();
});

test('of several questions each that has classes has its own agreement', async () => {
  const several = { ...queue, questions: ['kind', 'coat', 'legs'] };
  const of = (question: string, title: string, n: number) => ({
    ...{ question, titles: { en: title }, n_answers: n, n_abstained: 0 },
    figures: { ...agreement.figures, krippendorff_alpha: estimate(n / 100, null, null) },
  });
  const questions = [of('kind', 'Which animal?', 90), of('coat', 'Which coat?', 40)];
  const served = { [`${P}/queues/q1`]: several, [`${P}/queues/q1/agreement`]: { ...agreement, questions } };
  vi.stubGlobal('fetch', serve({ ...overview, ...served }));
  showQueue();
  expect(await screen.findByText(/counted by itself/)).toBeInTheDocument();
  const animal = await screen.findByRole('region', { name: 'Which animal?' });
  expect(within(animal).getByText('People mean the same by the same class.')).toBeInTheDocument();
  const coat = screen.getByRole('region', { name: 'Which coat?' });
  expect(within(coat).getByText(/do not mean the same/)).toBeInTheDocument();
  expect(screen.getByRole('heading', { name: 'Consensus' })).toBeInTheDocument();
});

test('with one answer to each item, a single answer is proposed to count', async () => {
  vi.stubGlobal('fetch', serve({ ...overview, [`${P}/queues/q1`]: { ...queue, redundancy: 1 } }));
  showQueue();
  expect(await screen.findByRole('combobox', { name: 'Method' })).toHaveValue('Majority');
});

test('accepting asks first, says what it will do, and sends the threshold', async () => {
  const accepted = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`POST ${P}/queues/q1/consensus/accept`]: async (request: Request) => {
        accepted(await request.json());
        return { job: 'j1' };
      },
    }),
  );
  showQueue();
  await userEvent.click(await screen.findByLabelText('80%'));
  await userEvent.click(await screen.findByText('Accept from 80%'));
  expect(await screen.findByText(/^9 items become labels, 1 go to review/)).toBeInTheDocument();
  expect(accepted).not.toHaveBeenCalled();
  await userEvent.click(screen.getByText('Accept'));
  await waitFor(() => expect(accepted).toHaveBeenCalledWith({ threshold: 0.8 }));
});
