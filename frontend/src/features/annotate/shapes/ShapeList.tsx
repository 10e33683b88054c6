import { ActionIcon } from '@mantine/core';
import {
  IconArrowBarToDown,
  IconArrowBarToUp,
  IconClipboard,
  IconCopy,
  IconEye,
  IconEyeOff,
  IconFocus2,
  IconLock,
  IconLockOpen,
  IconTrash,
} from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  lazy,
  type ReactNode,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useKeyById } from '@/actions/useKeyOf';
import { setFlag } from '@/engine/commands';
import { type ShapeLine, shapeLines } from '@/engine/list';
import type { ShapeStage } from '@/engine/ShapeStage';
import { classColour } from '@/shared/ui/classColour';
import { KeyCap } from '@/shared/ui/KeyCap';
import { useTip } from '@/shared/ui/useTip';
import type { Desk } from './Desk';
import type { DeskFault } from './faults';
import styles from './Shapes.module.css';
import { SHAPE_ACTIONS, type ShapeActionName } from './shapeActions';
import type { ShapeWords } from './useShapeWords';

// Comes with the keys of undo, which every queue has.
const UndoButtons = lazy(() => import('../undo/UndoButtons').then((m) => ({ default: m.UndoButtons })));

const ROW = 32;
const FAULT = 36;
const ICON = 14;

/** The first fault of each shape. */
function byShape(faults: readonly DeskFault[]): Map<string, DeskFault> {
  const first = new Map<string, DeskFault>();
  for (const fault of faults)
    if (fault.shapeId !== null && !first.has(fault.shapeId)) first.set(fault.shapeId, fault);
  return first;
}

interface Props {
  desk: Desk;
  stage: ShapeStage | null;
  words: ShapeWords;
  order: readonly string[];
  faults: readonly DeskFault[];
  disabled: boolean;
  /** No other answers beside these: undo and redo stand here. */
  alone: boolean;
}

/** The shapes as a list: everything that can be seen on the picture, for the ear and the keyboard too. */
export function ShapeList({ desk, stage, words, order, faults, disabled, alone }: Props) {
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  const { document, selection, allHidden, hiddenClasses } = useSyncExternalStore(
    editor.subscribe,
    editor.snapshot,
  );
  const lines = useMemo(() => shapeLines(document, selection), [document, selection]);
  const wrong = useMemo(() => byShape(faults), [faults]);
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    getItemKey: (at) => lines[at]?.id ?? at,
    estimateSize: (at) => ROW + (wrong.has(lines[at]?.id ?? '') ? FAULT : 0),
    overscan: 8,
    initialRect: { width: 320, height: 320 },
  });
  const firstChosen = lines.findIndex(({ chosen }) => chosen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a sentence makes its row higher
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, wrong]);
  useEffect(() => {
    if (firstChosen >= 0) virtualizer.scrollToIndex(firstChosen);
  }, [virtualizer, firstChosen]);

  const focusLine = (at: number) => {
    const line = lines[at];
    if (!line) return;
    editor.select([line.id]);
    virtualizer.scrollToIndex(at);
    requestAnimationFrame(() =>
      scroll.current?.querySelector<HTMLElement>(`[data-shape="${CSS.escape(line.id)}"]`)?.focus(),
    );
  };
  const handleKey = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const from = firstChosen < 0 ? (step > 0 ? -1 : lines.length) : firstChosen;
    focusLine(Math.min(Math.max(from + step, 0), lines.length - 1));
  };
  const live = lines.find(({ chosen }) => chosen);
  return (
    <section className={styles.shapes} aria-label={t('list.title')} data-desk={disabled ? 'still' : 'ready'}>
      <div className={styles.head}>
        <h2>{t('list.count', { count: lines.length })}</h2>
        {alone && (
          <Suspense>
            <UndoButtons timeline={desk.timeline} disabled={disabled} />
          </Suspense>
        )}
        <Command desk={desk} stage={stage} name="copy" disabled={selection.size === 0}>
          <IconCopy size={ICON} />
        </Command>
        <Command desk={desk} stage={stage} name="paste" disabled={disabled || desk.clipboard.length === 0}>
          <IconClipboard size={ICON} />
        </Command>
        <Command desk={desk} stage={stage} name="front" disabled={disabled || selection.size === 0}>
          <IconArrowBarToUp size={ICON} />
        </Command>
        <Command desk={desk} stage={stage} name="back" disabled={disabled || selection.size === 0}>
          <IconArrowBarToDown size={ICON} />
        </Command>
        <Command desk={desk} stage={stage} name="solo" pressed={hiddenClasses.size > 0}>
          <IconFocus2 size={ICON} />
        </Command>
        <Command desk={desk} stage={stage} name="hideAll" pressed={allHidden}>
          {allHidden ? <IconEyeOff size={ICON} /> : <IconEye size={ICON} />}
        </Command>
        <Command desk={desk} stage={stage} name="delete" disabled={disabled || selection.size === 0}>
          <IconTrash size={ICON} />
        </Command>
      </div>
      {lines.length === 0 && <div className={styles.empty}>{t('list.empty')}</div>}
      <div ref={scroll} className={styles.list}>
        <ul
          className={styles.lines}
          style={{ height: virtualizer.getTotalSize() }}
          onKeyDown={handleKey}
          aria-label={t('list.title')}
        >
          {virtualizer.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (!line) return null;
            const fault = wrong.get(line.id);
            return (
              <li
                key={row.key}
                className={styles.row}
                data-chosen={line.chosen}
                aria-setsize={lines.length}
                aria-posinset={row.index + 1}
                style={{ height: row.size, transform: `translateY(${row.start}px)` }}
              >
                <Row
                  line={line}
                  desk={desk}
                  words={words}
                  colour={line.classKey === '' ? 'var(--ts-line)' : classColour(line.classKey, order)}
                  tabbable={row.index === Math.max(0, firstChosen)}
                  disabled={disabled}
                  onZoom={() => stage?.zoomToSelection()}
                />
                {fault && (
                  <div className={styles.fault} role="alert">
                    {words.fault(fault)}
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      </div>
      <span className="visually-hidden" aria-live="polite">
        {live ? words.line(live) : ''}
      </span>
    </section>
  );
}

interface RowProps {
  line: ShapeLine;
  desk: Desk;
  words: ShapeWords;
  colour: string;
  tabbable: boolean;
  disabled: boolean;
  onZoom: () => void;
}

function Row({ line, desk, words, colour, tabbable, disabled, onZoom }: RowProps) {
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  const name = words.line(line);
  return (
    <div className={styles.line}>
      <button
        type="button"
        className={styles.shape}
        data-shape={line.id}
        data-hidden={line.hidden}
        aria-pressed={line.chosen}
        aria-label={name}
        title={name}
        tabIndex={tabbable ? 0 : -1}
        onClick={(event) => {
          const others = event.shiftKey || event.ctrlKey || event.metaKey;
          editor.select(others ? [...editor.selection, line.id] : [line.id]);
        }}
        onDoubleClick={onZoom}
      >
        <span className={styles.swatch} style={{ background: colour }} aria-hidden="true" />
        <span className={styles.what}>{words.classOf(line.classKey)}</span>
        <span className={styles.number}>
          {t(`kind.${line.kind}`)} {line.number}
        </span>
      </button>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        tabIndex={tabbable ? 0 : -1}
        aria-label={t(line.hidden ? 'list.show' : 'list.hide', { name })}
        onClick={() => setFlag(editor, [line.id], 'hidden', !line.hidden)}
      >
        {line.hidden ? <IconEyeOff size={ICON} /> : <IconEye size={ICON} />}
      </ActionIcon>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        disabled={disabled}
        tabIndex={tabbable ? 0 : -1}
        aria-label={t(line.locked ? 'list.unlock' : 'list.lock', { name })}
        onClick={() => setFlag(editor, [line.id], 'locked', !line.locked)}
      >
        {line.locked ? <IconLock size={ICON} /> : <IconLockOpen size={ICON} />}
      </ActionIcon>
    </div>
  );
}

interface CommandProps {
  desk: Desk;
  stage: ShapeStage | null;
  name: ShapeActionName;
  disabled?: boolean;
  pressed?: boolean;
  children: ReactNode;
}

function Command({ desk, stage, name, disabled = false, pressed, children }: CommandProps) {
  const { t } = useTranslation('shapes');
  const keyOf = useKeyById();
  const label = t(`action.${name}`);
  const { keys, run } = SHAPE_ACTIONS[name] as {
    keys: readonly string[];
    run: (d: Desk, s: ShapeStage | null) => void;
  };
  const { target, tip } = useTip<HTMLButtonElement>(
    <span>
      {label} <KeyCap sequence={keyOf(`workbench.shapes.${name}`, keys)} />
    </span>,
  );
  return (
    <>
      <ActionIcon
        size={24}
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'teal' : 'gray'}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={() => run(desk, stage)}
        {...target}
      >
        {children}
      </ActionIcon>
      {tip}
    </>
  );
}
