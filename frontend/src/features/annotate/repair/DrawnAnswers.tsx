import { Text } from '@mantine/core';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImageEngine } from '@/engine/engine';
import { shapeBounds } from '@/engine/model/bounds';
import { type ShapeJson, shapesFromJson } from '@/engine/model/json';
import type { Bounds, SkeletonTemplate } from '@/engine/model/shapes';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Layer } from '@/shared/picture/ShapeOverlay';
import { usePicture } from '@/shared/picture/usePicture';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { isShapesQuestion } from '../shapes/question';
import { useShapeWords } from '../shapes/useShapeWords';
import type { Answer, Workbench, WorkItem } from '../types';
import { compareShapes, type Pair, shapesIn } from './compareShapes';
import styles from './DrawnAnswers.module.css';

/** By colour and by line, so that colour is not all there is. */
const LOOKS = {
  same: { colour: '#9aa0a6', dash: [] },
  there: { colour: CATEGORICAL[3], dash: [6, 4] },
  here: { colour: CATEGORICAL[0], dash: [] },
};
/** So many of a kind are named. */
const NAMED = 4;
/** Around a shape that one looks at closer, as a share of its size. */
const AROUND = 0.6;

function aroundOf(shape: ShapeJson): Bounds | null {
  const [read] = shapesFromJson([shape]).shapes;
  if (!read) return null;
  const { minX, minY, maxX, maxY } = shapeBounds(read);
  if (!(minX <= maxX)) return null;
  const room = Math.max(8, AROUND * Math.max(maxX - minX, maxY - minY));
  return { minX: minX - room, minY: minY - room, maxX: maxX + room, maxY: maxY + room };
}

interface FigureProps {
  item: WorkItem;
  title: string;
  shapes: readonly ShapeJson[];
  /** Ids of those that are not the same in the other. */
  differing: ReadonlySet<string>;
  look: { colour: string; dash: readonly number[] };
  templates: readonly SkeletonTemplate[];
  onEngine: (engine: ImageEngine | null) => void;
}

function Figure({ item, title, shapes, differing, look, templates, onEngine }: FigureProps) {
  const { t } = useTranslation('shapes');
  const host = useRef<HTMLDivElement>(null);
  const layers = useMemo(
    (): readonly Layer[] => [
      { id: 0, ...LOOKS.same, shapes: shapes.filter(({ id }) => !differing.has(id)) },
      { id: 1, ...look, shapes: shapes.filter(({ id }) => differing.has(id)) },
    ],
    [shapes, differing, look],
  );
  const { engine, state } = usePicture(host, { item, layers, templates });
  const last = useRef<ImageEngine | null>(null);
  if (last.current !== engine) {
    last.current = engine;
    onEngine(engine);
  }
  return (
    <figure className={styles.figure}>
      <figcaption>{title}</figcaption>
      <div className={styles.stage} data-picture={state}>
        <div
          ref={host}
          role="img"
          aria-label={`${title}: ${t('list.count', { count: shapes.length })}`}
          className={styles.canvas}
        />
        {(state === 'preparing' || state === 'failed') && (
          <Text size="xs" c="dimmed" className={styles.notice} role="status">
            {t(`differ.${state}`)}
          </Text>
        )}
      </div>
    </figure>
  );
}

interface LineProps {
  title: string;
  swatch?: 'here' | 'there' | undefined;
  shapes: readonly ShapeJson[];
  nameOf: (shape: ShapeJson) => string;
  onLook: (shape: ShapeJson) => void;
}

/** One way in which they differ: how many, and which; each of them leads to its place. */
function Line({ title, swatch, shapes, nameOf, onLook }: LineProps) {
  const { t } = useTranslation('shapes');
  if (shapes.length === 0) return null;
  const more = shapes.length - NAMED;
  return (
    <li>
      {swatch && <i className={styles.swatch} data-of={swatch} />}
      <span>
        {title} ({shapes.length}):{' '}
      </span>
      {shapes.slice(0, NAMED).map(
        (shape, at): ReactNode => (
          <span key={shape.id}>
            {at > 0 && ', '}
            <button type="button" className={styles.name} onClick={() => onLook(shape)}>
              {nameOf(shape)}
            </button>
          </span>
        ),
      )}
      {more > 0 && ` ${t('differ.more', { count: more })}`}
    </li>
  );
}

/** The question that is answered by drawing, and its classes. */
function useDrawn(data: Workbench | undefined, language: string) {
  return useMemo(() => {
    const own = data && { question: data.queue.question, classes: data.classes };
    const asked = data?.asked?.length ? data.asked : own ? [own] : [];
    const found = asked.find(({ question }) => isShapesQuestion(question));
    return {
      index: new ClassIndex(found?.classes ?? [], language),
      templates: found && isShapesQuestion(found.question) ? found.question.skeletons : [],
    };
  }, [data, language]);
}

interface Props {
  item: WorkItem;
  /** The answer that waits in this browser, and the one that the server has. */
  here: Answer;
  there: Answer;
  /** What the queue asks, once it is known. */
  data: Workbench | undefined;
}

/** Two drawings of one picture, for whoever has to choose: each over the picture, and in words what differs. */
export function DrawnAnswers({ item, here, there, data }: Props) {
  const { t, i18n } = useTranslation('shapes');
  const { index, templates } = useDrawn(data, i18n.language);
  const { classOf } = useShapeWords(index);
  const engines = useRef<{ here: ImageEngine | null; there: ImageEngine | null }>({
    here: null,
    there: null,
  });
  const [close, setClose] = useState(false);
  const shapes = useMemo(() => ({ here: shapesIn(here), there: shapesIn(there) }), [here, there]);
  const found = useMemo(() => compareShapes(shapes.here, shapes.there), [shapes]);
  const differing = useMemo(() => {
    const pairs = [...found.moved, ...found.renamed, ...found.detailed];
    const idsOf = (some: readonly ShapeJson[]) => new Set(some.map(({ id }) => id));
    return {
      here: idsOf([...found.added, ...pairs.map((pair) => pair.here)]),
      there: idsOf([...found.removed, ...pairs.map((pair) => pair.there)]),
    };
  }, [found]);
  const nameOf = (shape: ShapeJson) => `${t(`kind.${shape.type}`)} ${classOf(shape.class)}`;
  const eachEngine = (act: (engine: ImageEngine) => void) => {
    for (const engine of Object.values(engines.current)) if (engine) act(engine);
  };
  const look = (shape: ShapeJson) => {
    const around = aroundOf(shape);
    if (!around) return;
    eachEngine((engine) => engine.zoomTo(around));
    setClose(true);
  };
  const whole = () => {
    eachEngine((engine) => engine.fit());
    setClose(false);
  };
  const ofHere = (pairs: readonly Pair[]) => pairs.map((pair) => pair.here);
  const classes = new Map(found.renamed.map((pair) => [pair.here.id, classOf(pair.there.class)]));
  const nothing = differing.here.size + differing.there.size === 0;
  const shared = { nameOf, onLook: look };
  return (
    <div className={styles.both}>
      <div className={styles.figures}>
        {(['there', 'here'] as const).map((side) => (
          <Figure
            key={side}
            {...{ item, templates }}
            title={t(`differ.${side}`)}
            shapes={shapes[side]}
            differing={differing[side]}
            look={LOOKS[side]}
            onEngine={(engine) => {
              engines.current[side] = engine;
            }}
          />
        ))}
      </div>
      <ul className={styles.lines}>
        <Line title={t('differ.added')} swatch="here" shapes={found.added} {...shared} />
        <Line title={t('differ.removed')} swatch="there" shapes={found.removed} {...shared} />
        <Line title={t('differ.moved')} shapes={ofHere(found.moved)} {...shared} />
        <Line
          title={t('differ.renamed')}
          shapes={ofHere(found.renamed)}
          nameOf={(shape) =>
            t('differ.became', { from: classes.get(shape.id) ?? '', to: classOf(shape.class) })
          }
          onLook={look}
        />
        <Line title={t('differ.detailed')} shapes={ofHere(found.detailed)} {...shared} />
        {found.restacked && <li>{t('differ.restacked')}</li>}
        {found.same > 0 && <li>{t(nothing ? 'differ.equal' : 'differ.same', { count: found.same })}</li>}
        {close && (
          <li>
            <button type="button" className={styles.name} onClick={whole}>
              {t('differ.whole')}
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}
