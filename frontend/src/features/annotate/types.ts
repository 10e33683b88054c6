import type { ShapeJson } from '@/engine/model/json';
import type { LabelClass } from '@/shared/classes/LabelClass';

/** The contract of the hot endpoints. */

export type Answer =
  | { kind: 'class'; classes: string[] }
  | { kind: 'number'; number: number }
  | { kind: 'text'; text: string }
  | { kind: 'shapes'; shapes: ShapeJson[] }
  | { kind: 'answers'; answers: Record<string, Answer> }
  | { kind: 'none_of_these' }
  | { kind: 'cannot_tell' }
  | { kind: 'skip'; reason: string };

export interface Question {
  key: string;
  kind: 'single_choice' | 'multiple_choice' | 'number' | 'text' | 'shapes';
  title: string;
  titles?: Partial<Record<string, string>>;
  help?: Partial<Record<string, string>>;
  max_choices?: number | null;
  allow_none: boolean;
  allow_cannot_tell: boolean;
  /** Asked only if the answer to an earlier question has one of these classes, or one below them. */
  when?: { question: string; has: readonly string[] } | null;
}

/** One of several questions, with its classes. */
export interface Asked {
  question: Question;
  classes: LabelClass[];
}

export interface Workbench {
  queue: {
    id: string;
    name: string;
    purpose: 'labeling' | 'audit';
    auto_submit: boolean;
    instructions: string;
    question: Question;
  };
  schema_version: number;
  /** Of the question. */
  classes: LabelClass[];
  /** Of a queue that asks several questions: each of them. */
  asked?: Asked[];
}

export interface WorkItem {
  id: number;
  sha256: string;
  width: number | null;
  height: number | null;
  /** Null for an item that is not a picture or whose bytes are gone. */
  image_url: string | null;
  thumbnail_url: string | null;
  /** Of a picture above 50 megapixels: where its tiles are told of. It is never loaded whole. */
  tiles_url?: string | null;
  /** Where the words of a text or the columns of a record are read; null for a picture. */
  content_url: string | null;
  name: string;
  kind: 'image' | 'text' | 'record';
}

export type ColumnType = 'boolean' | 'integer' | 'number' | 'datetime' | 'category' | 'text';

export interface ContentColumn {
  name: string;
  type: ColumnType;
  unit: string;
  value: string | number | boolean | null;
}

/** What a text or a record says. */
export interface Content {
  kind: 'text' | 'record';
  text: string;
  columns: ContentColumn[];
}

/** An answer of one's own, as the server keeps it: the highest revision. */
export interface Submission {
  id: string;
  task: number;
  lease: string;
  revision: number;
  answer: Answer;
  comment: string;
  flagged: boolean;
  editable_until: string | null;
  item: WorkItem;
}

/** What a reviewer said when they sent a task back. */
export interface Remark {
  comment: string;
  /** A place in pixels of the picture; null without one. */
  x: number | null;
  y: number | null;
  /** One's own answer that came back; null when it was somebody else's. */
  answer: Answer | null;
}

export interface Lease {
  lease: string;
  task: number;
  expires_at: string;
  item: WorkItem;
  previous: Submission | null;
  remark?: Remark | null;
}

/** Why nothing is handed out. */
export type QueueMessage =
  | 'nothing-left'
  | 'queue-paused'
  | 'queue-closed'
  | 'annotator-paused'
  | 'limit-day'
  | 'limit-person'
  | 'limit-share';

/** What the server suggests while work goes on. */
export type QueueAdvice = 'take-a-break';

export interface NextReply {
  /** Those that the tab does not hold yet. */
  leases: Lease[];
  /** Tokens in `holding` that are no longer valid. */
  lost: string[];
  remaining: number;
  message: QueueMessage | null;
  advice?: QueueAdvice | null;
  /** Revision of the instructions. */
  guideline?: number;
}

export interface SubmitBody {
  id: string;
  lease: string;
  task: number;
  revision: number;
  schema_version: number;
  answer: Answer;
  comment: string;
  flagged: boolean;
  started_at: string;
  duration_ms: number;
  tab: string;
  /** Only where the answer of a model was shown. */
  suggestion?: Suggestion & { confirmed: boolean };
}

/** What a model said of an item, and that it was shown to whoever answered. */
export interface Suggestion {
  /** Id of the model version. */
  model: string;
  classes: string[];
  /** Of the answer, 0 to 1. */
  probability: number;
}

/** One answer of many that are given together. */
export interface Tile {
  task: number;
  answer: Answer;
  flagged: boolean;
  words: string;
  suggestion?: Suggestion & { confirmed: boolean };
}

/** Kept beside an answer that waits to be sent. */
export interface Origin {
  project: string;
  queue: string;
  item: WorkItem;
}

export interface SubmitReply {
  id: string;
  task: number;
  revision: number;
  editable_until: string | null;
}
