import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Problem } from '@/api/problem';
import { i18n } from '@/app/i18n';
import en from '@/locales/en/common.json';
import ko from '@/locales/ko/common.json';
import { renderPage } from '@/test/render';
import { FormProblem } from './FormProblem';

afterEach(async () => {
  await i18n.changeLanguage('en');
});

const refused = new Problem({
  title: 'The project was stopped',
  status: 409,
  code: 'project-stopped',
  detail: 'Runs are refused: Ada stopped the project.',
});

test('every code that the server may answer with has words in each language', () => {
  const page = readFileSync(resolve(process.cwd(), '../docs/problems.md'), 'utf8');
  const codes = [...page.matchAll(/^\| `([a-z-]+)` \| \d/gm)].map((found) => found[1] ?? '');
  expect(codes.length).toBeGreaterThan(25);
  for (const words of [en.refusal, ko.refusal]) {
    expect(codes.filter((code) => !(code in words))).toEqual([]);
  }
});

test('in English the server’s own sentence stands alone', async () => {
  renderPage(<FormProblem error={refused} />);
  expect(await screen.findByText('The project was stopped')).toBeInTheDocument();
  expect(screen.getByText('Runs are refused: Ada stopped the project.')).toBeInTheDocument();
});

test('in Korean the page says what is the matter, and the server’s sentence follows', async () => {
  await i18n.changeLanguage('ko');
  renderPage(<FormProblem error={refused} />);
  expect(await screen.findByText('프로젝트가 중단되었습니다')).toBeInTheDocument();
  expect(
    screen.getByText(/새 과제 정의에 서명하세요.*서버의 설명: Runs are refused: Ada stopped/),
  ).toBeInTheDocument();
});
