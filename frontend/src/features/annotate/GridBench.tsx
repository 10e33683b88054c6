import { SegmentedControl, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconBook, IconKeyboard, IconPhoto } from '@tabler/icons-react';
import { type PointerEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openHelp } from '@/actions/helpStore';
import { formatCount } from '@/shared/format';
import { useUser } from '@/shared/hooks/useSession';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { GridPage } from './components/GridPage';
import { GridPanel } from './components/GridPanel';
import { GridTile } from './components/GridTile';
import { Leave } from './components/Leave';
import { Nothing } from './components/Nothing';
import { SaveState } from './components/SaveState';
import { SideSheets } from './components/SideSheets';
import { Tool } from './components/TopBar';
import * as grids from './state/grid';
import type { Answer } from './types';
import { useGrid } from './useGrid';
import { useGridActions } from './useGridActions';
import type { WorkbenchProps } from './Workbench';
import styles from './WorkbenchPage.module.css';

const SIZES = ['12', '24', '30'];
const COLUMNS: Record<string, number> = { '12': 4, '24': 6, '30': 6 };

/** Many pictures at once: select, press the key of their class, submit. Each is an answer of its own. */
export function GridBench({ project, data, index, outbox, session, onSwitch }: WorkbenchProps) {
  const { t } = useTranslation('annotate');
  const user = String(useUser().id);
  const [sizeText, setSize] = useUrlState('tiles', '24');
  const size = SIZES.includes(sizeText) ? sizeText : '24';
  const [asking, setAsking] = useState(false);
  const [skipping, setSkipping] = useState(false);
  const [instructions, reading] = useDisclosure(false);
  const [outboxOpen, outboxDrawer] = useDisclosure(false);
  const search = useRef<HTMLInputElement>(null);
  const narrow = useMediaQuery('(max-width: 48em)');
  const { question, purpose } = data.queue;
  // An audit measures what a person sees, so nobody is told what the model thinks.
  const mayAsk = purpose === 'labeling';

  const nameOf = (key: string) => index.get(key)?.name ?? key;
  const wordsOf = (answer: Answer) => {
    if (answer.kind === 'class') return answer.classes.map(nameOf).join(', ');
    if (answer.kind === 'skip') return t('skipped');
    return t(answer.kind === 'none_of_these' ? 'none' : 'cannotTell');
  };
  const handle = useGrid({
    project,
    queue: data.queue.id,
    user,
    session,
    question,
    size: Number(size),
    asking: asking && mayAsk,
    wordsOf,
  });
  const { grid, setGrid, items, suggestions, snapshot } = handle;
  const columns = Math.max(2, (COLUMNS[size] ?? 6) / (narrow ? 2 : 1));
  const order = useMemo(() => index.entries.filter((e) => e.selectable).map((e) => e.key), [index]);
  const submit = () => void handle.submit();
  useGridActions({
    question,
    index,
    handle,
    columns,
    skipping,
    setSkipping,
    mayAsk,
    toggleAsking: () => setAsking(!asking),
    search: () => search.current?.focus(),
    instructions: reading.toggle,
    leave: onSwitch,
    submit,
  });

  const handlePress = (at: number, event: PointerEvent) => {
    if (event.button !== 0) return;
    setGrid((before) => {
      if (event.shiftKey) return grids.goTo(before, at, true);
      const more = event.ctrlKey || event.metaKey || event.pointerType === 'touch';
      return more ? grids.toggle(before, at) : grids.goTo(before, at, false);
    });
  };
  const id = (task: number | undefined) => (task === undefined ? undefined : `tile-${task}`);
  const here = grid.page[grid.cursor];
  return (
    <main className={styles.bench} data-grid-page={grid.page.join()}>
      <header className={styles.top}>
        <Leave project={project} />
        <Text fw={600} truncate component="h1" size="md">
          {data.queue.name}
        </Text>
        <Text size="sm" c="dimmed" className="tabular" visibleFrom="sm">
          {snapshot.remaining !== null && t('top.left', { left: formatCount(snapshot.remaining) })}
        </Text>
        <span style={{ flex: 1 }} />
        <SegmentedControl
          size="xs"
          data={SIZES}
          value={size}
          onChange={setSize}
          aria-label={t('grid.size')}
        />
        <Tool label={t('action.grid')} action="grid" onClick={onSwitch} pressed>
          <IconPhoto size={18} />
        </Tool>
        <Tool label={t('action.instructions')} action="instructions" onClick={reading.toggle}>
          <IconBook size={18} />
        </Tool>
        <Tool label={t('action.keys')} sequence="key:?" onClick={openHelp} wideOnly>
          <IconKeyboard size={18} />
        </Tool>
      </header>
      <div className={styles.wideStage}>
        {grid.page.length === 0 ? (
          <Nothing project={project} session={session} />
        ) : (
          <GridPage
            columns={columns}
            active={id(here)}
            onArea={(tasks, more) =>
              setGrid((now) => grids.select(now, more ? [...now.selected, ...tasks] : tasks))
            }
          >
            {grid.page.map((task, at) => {
              const item = items.get(task);
              const answer = grid.marks.get(task);
              const suggestion = suggestions.get(task);
              if (!item) return null;
              return (
                <GridTile
                  key={task}
                  id={id(task) ?? ''}
                  task={task}
                  item={item}
                  at={at}
                  active={at === grid.cursor}
                  selected={grid.selected.has(task)}
                  flagged={grid.flagged.has(task)}
                  answer={answer}
                  words={answer ? wordsOf(answer) : ''}
                  suggestion={suggestion}
                  suggested={suggestion ? suggestion.classes.map(nameOf).join(', ') : ''}
                  order={order}
                  onPress={handlePress}
                  onShown={handle.onShown}
                />
              );
            })}
          </GridPage>
        )}
      </div>
      <GridPanel
        question={question}
        index={index}
        handle={handle}
        skipping={skipping}
        setSkipping={setSkipping}
        search={search}
        asking={mayAsk ? asking : null}
        setAsking={setAsking}
        onSubmit={submit}
      />
      <footer className={styles.strip}>
        <SaveState outbox={outbox} onOpen={outboxDrawer.open} />
        <span className="tabular">{t('grid.marked', { count: grid.marks.size, of: grid.page.length })}</span>
        <span style={{ flex: 1 }} />
        {snapshot.done > 0 && <span className="tabular">{t('strip.done', { count: snapshot.done })}</span>}
      </footer>
      <SideSheets
        outbox={outbox}
        instructions={data.queue.instructions}
        instructionsOpen={instructions}
        outboxOpen={outboxOpen}
        onCloseInstructions={reading.close}
        onCloseOutbox={outboxDrawer.close}
      />
    </main>
  );
}
