import { IconLayersUnion } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyById } from '@/actions/useKeyOf';
import { Tool } from '../components/TopBar';
import type { Desk } from './Desk';
import { type ShapesQuestion, toolsFor } from './question';
import { SHAPE_ACTIONS } from './shapeActions';
import { Tools } from './Tools';

const SIZE = 18;

interface Props {
  desk: Desk;
  question: ShapesQuestion;
  disabled: boolean;
  /** Side by side, where there is no rail. */
  flat: boolean;
}

/** Each tool that the question allows. */
export function ToolRail({ desk, question, disabled, flat }: Props) {
  const { t } = useTranslation('shapes');
  const keyOf = useKeyById();
  const { editor } = desk;
  const { tool, hasNetwork } = useSyncExternalStore(editor.subscribe, editor.snapshot);
  const ready = useSyncExternalStore(desk.subscribe, desk.snapshot).ready && !disabled;
  const tools = toolsFor(question, hasNetwork);
  return (
    <Tools {...{ tools, tool, disabled, flat }} onUse={(name) => editor.use(name)}>
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
    </Tools>
  );
}
