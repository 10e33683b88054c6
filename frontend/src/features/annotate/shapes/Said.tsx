import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolName } from '@/engine/tools/tool';
import type { Desk } from './Desk';
import styles from './Shapes.module.css';
import type { ShapeWords } from './useShapeWords';

interface Props {
  desk: Desk;
  words: ShapeWords;
  tools: readonly ToolName[];
}

/** What the desk has to say, beneath the list: what could not be done, what is asked, how the tool is used. */
export function Said({ desk, words, tools }: Props) {
  const { t } = useTranslation('shapes');
  const { asked, complaint, faults, restored, left } = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const { tool } = useSyncExternalStore(desk.editor.subscribe, desk.editor.snapshot);
  const general = faults.filter(({ shapeId }) => shapeId === null);
  if (asked)
    return (
      <div className={styles.said} data-tone="ask" role="alert">
        {t(`asked.${asked}`)}
      </div>
    );
  if (complaint)
    return (
      <div className={styles.said} role="alert">
        {words.refused(complaint)}
      </div>
    );
  if (general[0])
    return (
      <div className={styles.said} role="alert">
        {words.fault(general[0])}
      </div>
    );
  if (left > 0)
    return (
      <div className={styles.said} role="alert">
        {t('left', { count: left })}
      </div>
    );
  if (restored)
    return (
      <div className={styles.said} data-tone="note" role="status">
        {t('restored')}
      </div>
    );
  return tools.includes(tool) ? (
    <div className={styles.said} data-tone="note">
      {t(`how.${tool}`)}
    </div>
  ) : null;
}
