import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { leadSession, renderPage, serve } from '@/test/render';
import { ProjectsPage } from './ProjectsPage';

afterEach(() => vi.unstubAllGlobals());

const show = (session = leadSession) =>
  renderPage(<ProjectsPage />, { at: '/projects', route: '/projects', session });

test('the projects with my role in each; only owners and operators open another', async () => {
  show();
  expect(await screen.findByRole('link', { name: /Emoji/ })).toHaveAttribute('href', '/p/emoji/home');
  expect(screen.getByText('Lead')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'New project' })).not.toBeInTheDocument();
});

test('no project yet', async () => {
  show({ ...leadSession, memberships: [] });
  expect(await screen.findByText('You are not a member of a project yet')).toBeInTheDocument();
});

test('an owner opens a project; a taken address is said at its field', async () => {
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  const made = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      'POST /api/v1/projects': async (request: Request) => {
        made(await request.json());
        const body = {
          title: 'Conflict',
          status: 409,
          code: 'conflict',
          detail: 'There is one.',
          errors: { slug: ['Taken.'] },
        };
        return Response.json(body, { status: 409 });
      },
    }),
  );
  show({ ...leadSession, memberships: [{ ...membership, role: 'owner' }] });
  await userEvent.click(await screen.findByRole('button', { name: 'New project' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'Birds');
  await userEvent.click(screen.getByRole('button', { name: 'Open the project' }));
  await waitFor(() => expect(made).toHaveBeenCalledWith({ name: 'Birds', slug: '' }));
  expect(await screen.findByText('Taken.')).toBeInTheDocument();
  expect(screen.getByText('There is one.')).toBeInTheDocument();
});
