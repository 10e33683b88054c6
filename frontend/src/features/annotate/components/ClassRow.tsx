import type { ClassEntry } from '@/shared/classes/ClassIndex';
import { classColour } from '@/shared/ui/classColour';
import { KeyCap } from '@/shared/ui/KeyCap';
import styles from '../WorkbenchPage.module.css';

interface RowProps {
  entry: ClassEntry;
  searching: boolean;
  active: boolean;
  chosen: boolean;
  disabled: boolean;
  /** Its key works now. */
  keyed: boolean;
  order: readonly string[];
  onPick: (key: string, stamp: number) => void;
}

export function ClassRow({ entry, searching, active, chosen, disabled, keyed, order, onPick }: RowProps) {
  const indent = searching ? 0 : entry.depth * 12;
  if (!entry.selectable) {
    return (
      <div className={styles.heading} style={{ paddingLeft: 8 + indent }}>
        {entry.name}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={styles.option}
      data-active={active}
      data-chosen={chosen}
      aria-pressed={chosen}
      disabled={disabled}
      tabIndex={-1}
      title={entry.description || undefined}
      style={{ paddingLeft: 8 + indent }}
      onClick={(event) => onPick(entry.key, event.timeStamp)}
    >
      <span
        className={styles.swatch}
        style={{ background: classColour(entry.key, order) }}
        aria-hidden="true"
      />
      <span className={styles.name}>
        {entry.name}
        {searching && entry.path.length > 0 && <span className={styles.path}>{entry.path.join(' › ')}</span>}
      </span>
      {keyed && entry.hotkey && <KeyCap sequence={entry.hotkey} />}
    </button>
  );
}
