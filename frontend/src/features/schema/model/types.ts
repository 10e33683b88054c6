/** A schema document as docs/label-format.md has it. */

export type Words = Record<string, string>;
export const KINDS = ['single_choice', 'multiple_choice', 'number', 'text', 'shapes'] as const;
export type Kind = (typeof KINDS)[number];
export const TOOLS = ['box', 'rotated_box', 'polygon', 'polyline', 'point', 'keypoints', 'mask'] as const;
export type Tool = (typeof TOOLS)[number];

export interface SchemaClass {
  key: string;
  names: Words;
  parent: string | null;
  hotkey: string | null;
  selectable: boolean;
  description: string;
  retired?: boolean;
  replaced_by?: string[];
}

export interface Skeleton {
  key: string;
  names: string[];
  edges: [number, number][];
  layout?: { x: number; y: number }[];
}

export interface Condition {
  question: string;
  has: string[];
}

export type AttributeKind = 'single_choice' | 'multiple_choice' | 'number' | 'text';

/** A small question about one shape. */
export interface Attribute {
  key: string;
  kind: AttributeKind;
  title: Words;
  required: boolean;
  /** Classes whose shapes carry it, and those of classes below; null for all. */
  for_classes: string[] | null;
  classes?: SchemaClass[];
  max_choices?: number | null;
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
  max_length?: number;
}

export interface SchemaQuestion {
  key: string;
  kind: Kind;
  title: Words;
  help: Words;
  allow_none: boolean;
  allow_cannot_tell: boolean;
  max_choices: number | null;
  classes: SchemaClass[];
  when?: Condition | null;
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
  max_length?: number;
  tools?: Tool[];
  max_shapes?: number | null;
  skeletons?: Skeleton[];
  attributes?: Attribute[];
}

export type Operation =
  | { op: 'merge'; question: string; classes: string[]; into: string }
  | { op: 'split'; question: string; class: string; into: { key: string; names: Words }[] }
  | { op: 'retire'; question: string; class: string };

export const hasClasses = (kind: Kind): boolean =>
  kind === 'single_choice' || kind === 'multiple_choice' || kind === 'shapes';
