import {
  IconBrush,
  IconBulb,
  IconCircleDot,
  IconEraser,
  IconLayersSubtract,
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
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyById } from '@/actions/useKeyOf';
import type { ToolName } from '@/engine/tools/tool';
import { Tool } from '../components/TopBar';
import { keysOf } from './question';
import styles from './Shapes.module.css';

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

interface ToolsProps {
  tools: readonly ToolName[];
  /** What the hand holds. */
  tool: ToolName;
  disabled: boolean;
  flat: boolean;
  onUse: (tool: ToolName) => void;
  children?: ReactNode;
}

/** Tools side by side, each with its key. */
export function Tools({ tools, tool, disabled, flat, onUse, children }: ToolsProps) {
  const { t } = useTranslation('shapes');
  const keyOf = useKeyById();
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
            onClick={() => onUse(name)}
          >
            <Icon size={SIZE} />
          </Tool>
        );
      })}
      {children}
    </div>
  );
}
