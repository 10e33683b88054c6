import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { theme } from '@/app/theme';
import { useTip } from './useTip';

function Tipped() {
  const { target, tip } = useTip<HTMLButtonElement>('Whole picture');
  return (
    <>
      <button type="button" {...target}>
        Fit
      </button>
      {tip}
    </>
  );
}

const show = () =>
  render(
    <MantineProvider theme={theme} env="test">
      <Tipped />
    </MantineProvider>,
  );

test('a tip comes to a pointer that rests, and goes with it', async () => {
  show();
  const button = screen.getByRole('button', { name: 'Fit' });
  expect(screen.queryByText('Whole picture')).toBeNull();
  await userEvent.hover(button);
  expect(await screen.findByText('Whole picture')).toBeInTheDocument();
  await userEvent.unhover(button);
  await expect.poll(() => screen.queryByText('Whole picture')).toBeNull();
});

test('a tip comes to the keyboard, and Escape takes it away', async () => {
  show();
  await userEvent.tab();
  expect(screen.getByRole('button', { name: 'Fit' })).toHaveFocus();
  expect(await screen.findByText('Whole picture')).toBeInTheDocument();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => screen.queryByText('Whole picture')).toBeNull();
});

test('a finger meets no tip', async () => {
  show();
  const button = screen.getByRole('button', { name: 'Fit' });
  fireEvent.pointerEnter(button, { pointerType: 'touch' });
  fireEvent.pointerOver(button, { pointerType: 'touch' });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(screen.queryByText('Whole picture')).toBeNull();
});
