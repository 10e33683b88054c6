import { ANSWER_KEYS, answerKey, REVIEW_KEYS, type ReviewKeyName, reviewId } from '@/actions/reviewKeys';
import { useKeyById } from '@/actions/useKeyOf';
import { KeyCap } from '@/shared/ui/KeyCap';

/** The key of an outcome as the person has it. */
export function ReviewKey({ name }: { name: ReviewKeyName }) {
  const sequence = useKeyById()(reviewId(name), REVIEW_KEYS[name]);
  return sequence && <KeyCap sequence={sequence} />;
}

/** The key of the answer in this place, from 1; the first ones have one. */
export function AnswerKey({ place }: { place: number }) {
  const { id, keys } = answerKey(place);
  const sequence = useKeyById()(id, keys);
  return place <= ANSWER_KEYS && sequence && <KeyCap sequence={sequence} />;
}
