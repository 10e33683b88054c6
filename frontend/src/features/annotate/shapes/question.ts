import { TOOL_KEYS, toolKeys } from '@/actions/drawingKeys';
import type { ShapeKind, SkeletonTemplate } from '@/engine/model/shapes';
import type { ToolName } from '@/engine/tools/tool';
import type { Question } from '../types';

/** A question that is answered by drawing: docs/label-format.md, as the workbench is told it. */

interface AttributeClass {
  key: string;
  names: Partial<Record<string, string>>;
}

/** A small question about one shape. */
export interface AttributeQuestion {
  key: string;
  kind: 'single_choice' | 'multiple_choice' | 'number' | 'text';
  title: Partial<Record<string, string>>;
  required: boolean;
  /** Classes whose shapes, and those of classes below, carry it; null for all. */
  for_classes: readonly string[] | null;
  classes?: readonly AttributeClass[];
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
  max_length?: number | null;
}

export interface ShapesQuestion extends Omit<Question, 'kind'> {
  kind: 'shapes';
  tools: readonly ShapeKind[];
  max_shapes: number | null;
  skeletons: readonly SkeletonTemplate[];
  attributes: readonly AttributeQuestion[];
}

/** Every tool has its keys. */
const TOOLS: Record<ToolName, readonly string[]> = TOOL_KEYS;

const MAKES: Record<ShapeKind, readonly ToolName[]> = {
  box: ['box'],
  rotated_box: ['rotated_box'],
  polygon: ['polygon', 'livewire', 'wand', 'smart', 'assist', 'cut', 'slice'],
  polyline: ['polyline'],
  point: ['point'],
  keypoints: ['keypoints'],
  mask: ['brush', 'eraser', 'wand', 'smart', 'assist'],
};

/** The tools whose shapes the question takes. `hasNetwork`: the operator has installed a network that finds objects. */
export function toolsFor(
  question: Pick<ShapesQuestion, 'tools' | 'skeletons'>,
  hasNetwork: boolean,
): ToolName[] {
  const kinds = question.tools.filter((kind) => kind !== 'keypoints' || question.skeletons.length > 0);
  const allowed = new Set<ToolName>(['select', ...kinds.flatMap((kind) => MAKES[kind])]);
  if (!hasNetwork) allowed.delete('smart');
  return (Object.keys(TOOLS) as ToolName[]).filter((name) => allowed.has(name));
}

/** A tool's keys beside these tools. */
export const keysOf = (name: ToolName, tools: readonly ToolName[]): readonly string[] =>
  toolKeys(name, tools);

/** In one of the languages that the schema knows. */
export function said(names: Partial<Record<string, string>>, language: string, otherwise: string): string {
  return names[language] ?? names.en ?? Object.values(names).find((name) => name !== undefined) ?? otherwise;
}

/** The attributes that a shape of this class carries. `above`: keys from the class's parent up to its root. */
export function attributesFor(
  question: Pick<ShapesQuestion, 'attributes'>,
  classKey: string,
  above: readonly string[] = [],
): AttributeQuestion[] {
  const path = [classKey, ...above];
  return question.attributes.filter(
    ({ for_classes: only }) => only === null || only.some((key) => path.includes(key)),
  );
}

export function isShapesQuestion(question: Question): question is ShapesQuestion {
  return question.kind === 'shapes';
}

/** Keys from a class's parent up to its root, of each class. */
export function pathsOf(
  classes: readonly { key: string; parent?: string | null }[],
): (classKey: string) => readonly string[] {
  const parents = new Map(classes.map(({ key, parent }) => [key, parent]));
  return (key) => {
    const above: string[] = [];
    for (let at = parents.get(key); at != null && !above.includes(at); at = parents.get(at)) above.push(at);
    return above;
  };
}
