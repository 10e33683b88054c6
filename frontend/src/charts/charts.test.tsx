import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { renderPage } from '@/test/render';
import { Bars } from './Bars';
import { Confusion, mostConfused } from './Confusion';
import { Curve } from './Curve';
import { Histogram } from './Histogram';
import { PairedHistogram } from './PairedHistogram';

test('a histogram draws one bar a bin, and its table has the same numbers', async () => {
  renderPage(<Histogram title="Width" edges={[0, 10, 20, 30]} counts={[4, 0, 2]} />);
  const drawing = await screen.findByRole('img', { name: 'Width' });
  expect(drawing.querySelectorAll('rect')).toHaveLength(3);
  await userEvent.click(screen.getByRole('button', { name: 'View as table: Width' }));
  const rows = within(screen.getByRole('table', { name: 'Width' })).getAllByRole('row');
  expect(rows).toHaveLength(4);
  expect(rows[1]).toHaveTextContent('0104');
});

test('two populations of different size are compared as shares', async () => {
  renderPage(<PairedHistogram title="Style" categories={['a', 'b']} reference={[1, 3]} current={[50, 50]} />);
  await userEvent.click(await screen.findByRole('button', { name: /View as table/ }));
  expect(screen.getByRole('row', { name: 'a 25% 50%' })).toBeInTheDocument();
});

test('a curve says where its mark is', async () => {
  const points = [
    [1, 0.9],
    [2, 0.5],
    [3, 0.6],
  ] as const;
  renderPage(
    <Curve
      title="Loss"
      series={[{ name: 'Validation', points }]}
      mark={{ x: 2, label: 'Overfitting starts at epoch 2' }}
    />,
  );
  expect(await screen.findByText('Overfitting starts at epoch 2')).toBeInTheDocument();
  expect(screen.getByRole('img', { name: 'Loss. Overfitting starts at epoch 2' })).toBeInTheDocument();
});

test('a confusion cell tells truth and prediction apart', async () => {
  const pick = vi.fn();
  const matrix = [
    [5, 2],
    [0, 7],
  ];
  renderPage(<Confusion title="Errors" classes={['cat', 'dog']} matrix={matrix} onPick={pick} />);
  await userEvent.click(await screen.findByRole('button', { name: 'cat predicted as dog: 2' }));
  expect(pick).toHaveBeenCalledWith(0, 1);
});

test('of many classes the most confused are shown', () => {
  const matrix = [
    [9, 0, 0],
    [0, 5, 4],
    [0, 1, 8],
  ];
  expect(mostConfused(matrix, 2)).toEqual([1, 2]);
  expect(mostConfused(matrix, 3)).toEqual([0, 1, 2]);
});

test('bars show their values in words', async () => {
  renderPage(<Bars title="Balance" rows={[{ key: 'a', label: 'Faces', value: 1200 }]} />);
  expect(await screen.findByText('1,200')).toBeInTheDocument();
});
