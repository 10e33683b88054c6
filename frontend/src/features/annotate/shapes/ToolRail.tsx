import {
  IconBrush,
  IconBulb,
  IconCircleDot,
  IconEraser,
  IconLayersSubtract,
  IconLayersUnion,
  IconMagnet,
  IconPointer,
  IconPolygon,
  IconRotateRectangle,
  IconScissors,
  IconSparkles,
  IconSquare,
  IconStretching,
  IconTimeline,
  IconWand,
} from '@tabler/icons-react';
import { type ComponentType, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyById } from '@/actions/useKeyOf';
import type { ToolName } from '@/engine/tools/tool';
import { Tool } from '../components/TopBar';
import type { Desk } from './Desk';
import { keysOf, type ShapesQuestion, toolsFor } from './question';
import styles from './Shapes.module.css';
import { SHAPE_ACTIONS } from './shapeActions';

const ICONS: Record<ToolName, ComponentType<{ size: number }>> = {
  select: IconPointer,
  box: IconSquare,
  rotated_box: IconRotateRectangle,
  polygon: IconPolygon,
  polyline: IconTimeline,
  point: IconCircleDot,
  keypoints: IconStretching,
  brush: IconBrush,
  eraser: IconEraser,
  livewire: IconMagnet,
  wand: IconWand,
  smart: IconBulb,
  assist: IconSparkles,
  cut: IconLayersSubtract,
  slice: IconScissors,
};
const SIZE = 18;

interface Props {
  desk: Desk;
  question: ShapesQuestion;
  disabled: boolean;
  /** Side by side, where there is no rail. */
  flat: boolean;
}

/** Each tool that the question allows, with its key. */
export function ToolRail({ desk, question, disabled, flat }: Props) {
  const { t } = useTranslation('shapes');
  const keyOf = useKeyById();
  const { editor } = desk;
  const { tool, hasNetwork } = useSyncExternalStore(editor.subscribe, editor.snapshot);
  const ready = useSyncExternalStore(desk.subscribe, desk.snapshot).ready && !disabled;
  const tools = toolsFor(question, hasNetwork);
  return (
    <div
      className={styles.rail}
      data-flat={flat}
      role="toolbar"
      aria-label={t('group.tools')}
      aria-orientation={flat ? 'horizontal' : 'vertical'}
    >
      {tools.map((name) => {
        const Icon = ICONS[name];
        return (
          <Tool
            key={name}
            label={t(`tool.${name}`)}
            sequence={keyOf(`workbench.tool.${name}`, keysOf(name, tools))}
            pressed={tool === name}
            disabled={disabled}
            onClick={() => editor.use(name)}
          >
            <Icon size={SIZE} />
          </Tool>
        );
      })}
      {question.tools.includes('polygon') && (
        <Tool
          label={t('action.merge')}
          sequence={keyOf('workbench.shapes.merge', SHAPE_ACTIONS.merge.keys)}
          disabled={!ready}
          onClick={() => SHAPE_ACTIONS.merge.run(desk)}
        >
          <IconLayersUnion size={SIZE} />
        </Tool>
      )}
    </div>
  );
}
