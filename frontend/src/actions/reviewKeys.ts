/**
 * The keys of the review, apart from it, so that a person can change them without a case before them. Words are under
 * `action.<name>` of the review; people's own keys are stored under the ids.
 */
export const REVIEW_KEYS = {
  accept: ['Enter', 'KeyY'],
  fix: ['KeyF', 'Slash', 'key:/', 'KeyC'],
  return: ['KeyR'],
  pool: ['KeyP'],
  none: ['KeyN'],
  cannotTell: ['KeyT'],
  hide: ['KeyH'],
  next: ['KeyD', 'ArrowRight', 'ArrowDown'],
  previous: ['KeyA', 'ArrowLeft', 'ArrowUp'],
  /** While somebody corrects. */
  leaveFix: ['KeyQ'],
} as const satisfies Record<string, readonly string[]>;

export type ReviewKeyName = keyof typeof REVIEW_KEYS;

/** So many answers have a key of their own. */
export const ANSWER_KEYS = 9;

/** The key that accepts the answer in this place, from 1. */
export const answerKey = (place: number) => ({ id: `review.answer${place}`, keys: [`Digit${place}`] });

export const reviewId = (name: ReviewKeyName): string => `review.${name}`;
