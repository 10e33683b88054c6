import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { shapeId, toolId } from '@/actions/drawingKeys';
import type { Action } from '@/actions/registry';
import { useActions } from '@/actions/useActions';
import type { ShapeStage } from '@/engine/ShapeStage';
import type { ToolName } from '@/engine/tools/tool';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Desk } from './Desk';
import { keysOf, type ShapesQuestion, toolsFor } from './question';
import { SHAPE_ACTIONS, type ShapeAction, type ShapeActionName } from './shapeActions';

interface Options {
  desk: Desk;
  stage: ShapeStage | null;
  question: ShapesQuestion;
  index: ClassIndex;
  /** Reasons are asked for, or the time is over. */
  away: boolean;
  /** Nothing may be changed now. */
  still: boolean;
  /** Keys that mean something else at present. */
  reserved?: readonly string[];
}

/** Keys of tools and commands; a class that the schema gave one of them keeps it. */
export function useShapeActions({ desk, stage, question, index, away, still, reserved = [] }: Options): void {
  const { t } = useTranslation('shapes');
  const ofClasses = new Set([...reserved, ...index.entries.map((entry) => entry.hotkey)]);
  const free = (keys: readonly string[]) => keys.filter((key) => !ofClasses.has(key));
  const { hasNetwork } = useSyncExternalStore(desk.editor.subscribe, desk.editor.snapshot);
  const allowed = toolsFor(question, hasNetwork);
  const tools = allowed.map(
    (name: ToolName): Action => ({
      id: toolId(name),
      title: t(`tool.${name}`),
      group: t('group.tools'),
      scope: 'workbench.shapes',
      keys: free(keysOf(name, allowed)),
      isEnabled: () => !away,
      perform: () => desk.editor.use(name),
    }),
  );
  const named = Object.entries(SHAPE_ACTIONS) as [ShapeActionName, ShapeAction][];
  const commands = named
    .filter(([, { needs }]) => needs === undefined || question.tools.includes(needs))
    .map(
      ([name, action]): Action => ({
        id: shapeId(name),
        title: t(`action.${name}`),
        group: t('group.shapes'),
        scope: 'workbench.shapes',
        keys: free(action.keys),
        ...(action.repeats ? { repeats: true } : {}),
        isEnabled: () => !(action.changes && still),
        perform: () => action.run(desk, stage),
      }),
    );
  useActions([...tools, ...commands]);
}
