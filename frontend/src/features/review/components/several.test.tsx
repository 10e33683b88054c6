import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { renderPage } from '@/test/render';
import { optionsOf } from '../answers';
import { answersOf } from '../correcting';
import type { Answer, ReviewSchema } from '../queries';
import { disputed, given as told } from '../testCase';
import { useAnswerName } from '../useAnswerName';
import { SeveralParts } from './SeveralParts';

const leaf = (key: string, name: string) => ({ key, name, names: {}, parent: null, selectable: true });
const asks = { allow_none: true, allow_cannot_tell: true };
const animal = { ...asks, key: 'animal', kind: 'single_choice' as const, title: 'Animal' };
const schema: ReviewSchema = {
  queue: { name: 'Pets', question: animal },
  classes: [leaf('cat', 'Cat'), leaf('dog', 'Dog')],
  asked: [
    { question: animal, classes: [leaf('cat', 'Cat'), leaf('dog', 'Dog')] },
    {
      question: {
        ...asks,
        key: 'coat',
        kind: 'single_choice',
        title: 'Coat',
        when: { question: 'animal', has: ['cat'] },
      },
      classes: [leaf('black', 'Black'), leaf('white', 'White')],
    },
    { question: { ...asks, key: 'legs', kind: 'number', title: 'Legs' }, classes: [] },
  ],
};
const choice = (key: string): Answer => ({ kind: 'class', classes: [key] });
const all = (answers: Record<string, Answer>): Answer => ({ kind: 'answers', answers });
const legs = (number: number): Answer => ({ kind: 'number', number });
const one = {
  ...disputed,
  estimate: null,
  answers: [
    told(1, 'A-1', 'crowd', all({ animal: choice('cat'), coat: choice('black'), legs: legs(4) })),
    told(2, 'A-2', 'crowd', all({ animal: choice('cat'), coat: choice('white'), legs: legs(3) })),
    told(3, 'A-3', 'crowd', all({ animal: choice('dog'), legs: legs(4) })),
  ],
};
const index = new ClassIndex(schema.classes, 'en');

function Said({ answer }: { answer: Answer }) {
  return <p>{useAnswerName(schema, index)(answer)}</p>;
}

test('an answer to several questions is read as words, each by its question', async () => {
  renderPage(<Said answer={one.answers[1]?.answer as Answer} />);
  expect(await screen.findByText('Animal: Cat · Coat: White · Legs: 3')).toBeInTheDocument();
});

test('the right answer is put together of those that people gave, and no more is asked than that', async () => {
  const settled = vi.fn();
  renderPage(<SeveralParts one={one} schema={schema} index={index} busy={false} onSettle={settled} />);
  fireEvent.click(await screen.findByRole('radio', { name: 'White (1 person)' }));
  expect(screen.getByRole('radio', { name: '4 (2 people)' })).toBeChecked();
  fireEvent.click(screen.getByRole('button', { name: 'Settle with these' }));
  expect(settled).toHaveBeenLastCalledWith(
    all({ animal: choice('cat'), coat: choice('white'), legs: legs(4) }),
  );
  fireEvent.click(screen.getByRole('radio', { name: 'Dog (1 person)' }));
  expect(screen.queryByRole('radio', { name: /White/ })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Settle with these' }));
  expect(settled).toHaveBeenLastCalledWith(all({ animal: choice('dog'), legs: legs(4) }));
});

test('of what a consensus has settled nothing is asked, and it is sent with the rest', async () => {
  const settled = vi.fn();
  const part = (question: string, posterior: number) => ({ question, posterior, n: 3 });
  const estimate = {
    ...{ posterior: 0.55, entropy: 1, n: 3, distribution: [] },
    answer: all({ animal: choice('cat'), coat: choice('white') }),
    parts: [part('animal', 0.97), part('coat', 0.55)],
    unsettled: ['legs'],
  };
  const left = { ...one, estimate, disputed: ['coat', 'legs'] };
  expect(optionsOf(left).every((option) => option.probability === null)).toBe(true);
  renderPage(<SeveralParts one={left} schema={schema} index={index} busy={false} onSettle={settled} />);
  expect(await screen.findByText(/Only this is in dispute/)).toBeInTheDocument();
  expect(screen.getByText('The consensus is 55% sure.')).toBeInTheDocument();
  expect(screen.queryByRole('radio', { name: /Cat/ })).toBeNull();
  expect(screen.getByRole('radio', { name: 'White (1 person)' })).toBeChecked();
  fireEvent.click(screen.getByRole('radio', { name: '3 (1 person)' }));
  fireEvent.click(screen.getByRole('button', { name: 'Settle with these' }));
  expect(settled).toHaveBeenLastCalledWith(
    all({ animal: choice('cat'), coat: choice('white'), legs: legs(3) }),
  );
});

test('several classes that nobody chose just so can be what the consensus makes of them', async () => {
  const both: Answer = { kind: 'class', classes: ['black', 'white'] };
  const estimate = {
    ...{ posterior: 0.8, entropy: 0.4, n: 3, distribution: [], unsettled: ['legs'] },
    answer: all({ animal: choice('cat'), coat: both }),
    parts: [{ question: 'coat', posterior: 0.8, n: 2 }],
  };
  const left = { ...one, estimate, disputed: ['coat'] };
  renderPage(<SeveralParts one={left} schema={schema} index={index} busy={false} onSettle={vi.fn()} />);
  expect(
    await screen.findByRole('radio', { name: 'Black, White (put together by the consensus)' }),
  ).toBeChecked();
  expect(answersOf(left).answer).toEqual(all({ animal: choice('cat'), coat: both, legs: legs(4) }));
});
