import { useTranslation } from 'react-i18next';
import {
  SHAPE_KEYS,
  type ShapeKeyName,
  shapeId,
  TOOL_KEYS,
  type ToolKeyName,
  toolId,
  toolKeys,
} from '@/actions/drawingKeys';
import { type Conflict, findConflicts } from '@/actions/keymap';
import { registry } from '@/actions/registry';
import { ANSWER_KEYS, answerKey, REVIEW_KEYS, type ReviewKeyName, reviewId } from '@/actions/reviewKeys';
import { SCHEMA_KEYS, type SchemaKeyName, schemaId } from '@/actions/schemaKeys';
import { useRegisteredActions } from '@/actions/useActions';
import { PANS, WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';

/** One thing that has a key. */
export interface KeyRow {
  id: string;
  title: string;
  /** Those it has before a person changes them, the preset heeded. */
  keys: readonly string[];
}

export interface KeyGroup {
  id: 'workbench' | 'drawing' | 'grid' | 'review' | 'schema' | 'everywhere';
  rows: readonly KeyRow[];
}

const namesOf = <T extends string>(table: Record<T, unknown>) => Object.keys(table) as T[];
const BENCH = namesOf<WorkbenchKey>(WORKBENCH_KEYS);
const TOOLS = namesOf<ToolKeyName>(TOOL_KEYS);
const PLACES = Array.from({ length: ANSWER_KEYS }, (_, at) => at + 1);
/** Keys that a schema gives to classes where it says nothing else. */
const DIGITS = Array.from({ length: 10 }, (_, at) => `Digit${at}`);
const classId = (digit: string) => `workbench.class.${digit}`;

const bench = (name: WorkbenchKey) => `workbench.${name}`;
const isOfGrid = (name: WorkbenchKey) => /^grid./.test(name);
const BESIDE_GRID = (
  ['search', 'none', 'cannotTell', 'submit', 'undo', 'redo', 'skip', 'flag', 'instructions', 'grid'] as const
).map(bench);
const BESIDE_FIX = (
  [
    'submit',
    'search',
    'undo',
    'redo',
    'fit',
    'actualSize',
    'zoomIn',
    'zoomOut',
    ...PANS.map(([id]) => id),
  ] as const
).map(bench);

/** Everything a person can give another key, in the order of the settings. */
export function useKeyGroups(): readonly KeyGroup[] {
  const { t } = useTranslation('settings');
  const { t: word } = useTranslation('annotate');
  const { t: shape } = useTranslation('shapes');
  const { t: review } = useTranslation('review');
  const { t: schema } = useTranslation('schema');
  const registered = useRegisteredActions();
  const row = (id: string, title: string, keys: readonly string[]): KeyRow => ({
    id,
    title,
    keys: registry.presetKeys({ id, keys }),
  });
  const ofBench = (name: WorkbenchKey) => row(bench(name), word(`action.${name}`), WORKBENCH_KEYS[name].keys);
  const outcome = (name: ReviewKeyName) => row(reviewId(name), review(`action.${name}`), REVIEW_KEYS[name]);
  const answer = (place: number) => {
    const { id, keys } = answerKey(place);
    return row(id, t('keys.answer', { place }), keys);
  };
  return [
    { id: 'workbench', rows: BENCH.filter((name) => !isOfGrid(name)).map(ofBench) },
    {
      id: 'drawing',
      rows: [
        ...TOOLS.map((name) => row(toolId(name), shape(`tool.${name}`), toolKeys(name, TOOLS))),
        ...namesOf<ShapeKeyName>(SHAPE_KEYS).map((name) =>
          row(shapeId(name), shape(`action.${name}`), SHAPE_KEYS[name]),
        ),
      ],
    },
    { id: 'grid', rows: BENCH.filter(isOfGrid).map(ofBench) },
    { id: 'review', rows: [...namesOf<ReviewKeyName>(REVIEW_KEYS).map(outcome), ...PLACES.map(answer)] },
    {
      id: 'schema',
      rows: namesOf<SchemaKeyName>(SCHEMA_KEYS).map((name) =>
        row(schemaId(name), schema(`action.${name}`), SCHEMA_KEYS[name]),
      ),
    },
    {
      id: 'everywhere',
      rows: registered
        .filter((action) => action.scope === 'global' && (action.keys?.length ?? 0) > 0)
        .map((action) => ({ id: action.id, title: action.title, keys: action.keys ?? [] })),
    },
  ];
}

/**
 * Keys that do two things where both can be meant. What is on the screen together is known: the stream, the grid, the review,
 * a reviewer's correction, the schema; what works everywhere works in each.
 */
export function conflictsOf(groups: readonly KeyGroup[]): Conflict[] {
  const rows = (...ids: KeyGroup['id'][]) =>
    groups.filter(({ id }) => ids.includes(id)).flatMap((group) => group.rows);
  const among = (all: readonly KeyRow[], ids: readonly string[]) => all.filter(({ id }) => ids.includes(id));
  const classes = DIGITS.map((digit) => ({ id: classId(digit), keys: [digit] }));
  const isFix = ({ id }: { id: string }) => id === reviewId('leaveFix');
  const screens = [
    [...rows('workbench', 'drawing'), ...classes],
    [...rows('grid'), ...among(rows('workbench'), BESIDE_GRID), ...classes],
    rows('review').filter((one) => !isFix(one)),
    [
      ...rows('drawing'),
      ...rows('review').filter(isFix),
      ...among(rows('workbench'), BESIDE_FIX),
      ...classes,
    ],
    rows('schema'),
  ];
  const found = screens.flatMap((screen) =>
    findConflicts(
      [...screen, ...rows('everywhere')].map(({ id, keys }) => ({
        id,
        scope: 'here',
        sequences: registry.keysOf({ id, keys }),
      })),
    ),
  );
  return [...new Map(found.map((one) => [`${one.sequence} ${[...one.ids].sort().join()}`, one])).values()];
}

/** The class that a schema gives this key to; null of everything else. */
export const digitOf = (id: string): string | null => {
  const digit = DIGITS.find((one) => classId(one) === id);
  return digit ? digit.replace('Digit', '') : null;
};
