import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { Problem } from '@/api/problem';
import { i18n } from '@/app/i18n';
import { eventually } from '@/test/eventually';
import { renderPage } from '@/test/render';
import { type Column, DataTable } from './DataTable';
import { ErrorState } from './ErrorState';
import { EstimateBar } from './EstimateBar';
import { Figure } from './Figure';
import { JobProgress } from './JobProgress';
import { Verdict } from './Verdict';

test('an estimate shows its interval and n, and reads them aloud', async () => {
  renderPage(<EstimateBar label="Accuracy" value={0.913} low={0.887} high={0.934} n={420} method="Wilson" />);
  expect(await screen.findByText('91.3%')).toBeInTheDocument();
  const drawing = screen.getByRole('img', {
    name: 'Accuracy, 91.3%, 95% interval 88.7% to 93.4%, n = 420, Wilson',
  });
  expect(drawing.querySelectorAll('circle')).toHaveLength(1);
});

test('in Korean the reason is Korean, with its numbers; one that is not known stays as it is', async () => {
  await i18n.changeLanguage('ko');
  renderPage(
    <>
      <EstimateBar value={null} reason="14 answers are too few for this estimator, 30 are needed" />
      <EstimateBar value={null} reason="no item has two labels" />
      <EstimateBar value={null} reason="a reason of the future" />
    </>,
  );
  expect(await screen.findByText(/답 14개는 이 추정에 너무 적음\. 30개가 필요함/)).toBeInTheDocument();
  expect(screen.getByText(/라벨이 둘인 항목이 없음/)).toBeInTheDocument();
  expect(screen.getByText(/a reason of the future/)).toBeInTheDocument();
  await i18n.changeLanguage('en');
});

test('an estimate that cannot be computed says why', async () => {
  renderPage(<EstimateBar value={null} reason="no item of this class was audited" />);
  expect(
    await screen.findByText('Cannot be computed: no item of this class was audited'),
  ).toBeInTheDocument();
  expect(screen.queryByRole('img')).toBeNull();
});

test('a verdict says its tone in a word', async () => {
  renderPage(<Verdict tone="bad">3 likely target leaks</Verdict>);
  expect(await screen.findByText('Problem')).toBeInTheDocument();
});

test('an error says what to do, by its code, then by its status, then in its own words', async () => {
  const retry = vi.fn();
  const problem = new Problem({ title: 'x', status: 0, code: 'unreachable' });
  renderPage(<ErrorState error={problem} onRetry={retry} />);
  expect(await screen.findByText('The server cannot be reached')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});

test('an unknown problem is shown in the words of the server', async () => {
  const problem = new Problem({
    title: 'Version is frozen',
    status: 409,
    code: 'version-frozen',
    detail: 'Make a new one.',
  });
  renderPage(<ErrorState error={problem} />);
  expect(await screen.findByText('Version is frozen')).toBeInTheDocument();
  expect(screen.getByText('Make a new one.')).toBeInTheDocument();
});

test('a failed job says why', async () => {
  const job = {
    id: 'j',
    kind: 'import',
    done: 0,
    total: 0,
    message: '',
    eta_seconds: null,
    result: null,
  } as const;
  renderPage(<JobProgress job={{ ...job, state: 'failed', error: { detail: 'The disk is full.' } }} />);
  expect(await screen.findByText(/The disk is full/)).toBeInTheDocument();
  expect(screen.getByText('Failed')).toBeInTheDocument();
});

interface Row {
  name: string;
  size: number | null;
}

const columns: Column<Row>[] = [
  { key: 'name', header: 'Name', render: (row) => row.name, sortBy: (row) => row.name },
  {
    key: 'size',
    header: 'Size',
    render: (row) => row.size ?? 'unknown',
    sortBy: (row) => row.size,
    align: 'right',
  },
];
const rows: Row[] = [
  { name: 'b', size: 2 },
  { name: 'c', size: null },
  { name: 'a', size: 10 },
];
const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[0]?.textContent);

test('a table sorts by its headers, unknown values stay last, and a third click undoes it', async () => {
  renderPage(<DataTable label="Things" columns={columns} rows={rows} rowKey={(row) => row.name} />);
  const size = await screen.findByRole('button', { name: /Size/ });
  await userEvent.click(size);
  await eventually(() => expect(names()).toEqual(['b', 'a', 'c']));
  await userEvent.click(size);
  await eventually(() => expect(names()).toEqual(['a', 'b', 'c']));
  expect(screen.getByRole('columnheader', { name: /Size/ })).toHaveAttribute('aria-sort', 'descending');
  await userEvent.click(size);
  await eventually(() => expect(names()).toEqual(['b', 'c', 'a']));
});

test('the address restores the sorting', async () => {
  const table = <DataTable label="Things" columns={columns} rows={rows} rowKey={(row) => row.name} />;
  renderPage(table, { at: '/p/emoji/page?sort=-name' });
  await screen.findByRole('table');
  expect(names()).toEqual(['c', 'b', 'a']);
});

test('rows are walked with the arrows and opened with Enter', async () => {
  const open = vi.fn();
  renderPage(
    <DataTable label="Things" columns={columns} rows={rows} rowKey={(row) => row.name} onOpen={open} />,
  );
  await screen.findByRole('table');
  const first = screen.getAllByRole('row')[1];
  first?.focus();
  await userEvent.keyboard('{ArrowDown}');
  await eventually(() => expect(screen.getAllByRole('row')[2]).toHaveFocus());
  await userEvent.keyboard('{Enter}');
  expect(open).toHaveBeenCalledWith(rows[1]);
});

test('a figure can be read as a table', async () => {
  renderPage(
    <Figure title="Balance" table={{ head: ['Class', 'Count'], rows: [['cat', 7]] }}>
      <p>drawing</p>
    </Figure>,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'View as table: Balance' }));
  expect(screen.getByRole('row', { name: 'cat 7' })).toBeInTheDocument();
  expect(screen.queryByText('drawing')).toBeNull();
});
