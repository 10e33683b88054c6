import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { Tool } from '../components/TopBar';
import type { Timeline } from './Timeline';

interface Props {
  timeline: Timeline;
  disabled: boolean;
  /** What the buttons do where nothing of this item is left; null where they do nothing then. */
  beyond?: Record<'undo' | 'redo', (() => void) | null>;
}

/** Undo and redo as buttons, with their keys. */
export function UndoButtons({ timeline, disabled, beyond }: Props) {
  const { t } = useTranslation('annotate');
  const { canUndo, canRedo } = useSyncExternalStore(timeline.subscribe, timeline.snapshot);
  const propsOf = (way: 'undo' | 'redo', can: boolean) => ({
    label: t(`action.${way}`),
    action: way,
    size: 24,
    disabled: disabled || !(can || beyond?.[way]),
    onClick: () => void (timeline[way]() || beyond?.[way]?.()),
  });
  return (
    <>
      <Tool {...propsOf('undo', canUndo)}>
        <IconArrowBackUp size={14} />
      </Tool>
      <Tool {...propsOf('redo', canRedo)}>
        <IconArrowForwardUp size={14} />
      </Tool>
    </>
  );
}
