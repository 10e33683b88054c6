import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { renderPage } from '@/test/render';
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
