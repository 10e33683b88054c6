import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { setAttributes } from '@/engine/commands';
import type { AttributeValue, Shape } from '@/engine/model/shapes';
import { AttributeField } from './AttributeField';
import type { Desk } from './Desk';
import { attributesFor, type ShapesQuestion } from './question';
import styles from './Shapes.module.css';

interface Props {
  desk: Desk;
  question: ShapesQuestion;
  above: (classKey: string) => readonly string[];
  disabled: boolean;
}

/** What the question asks of the chosen shapes; of several only what all of them carry. */
export function AttributeFields({ desk, question, above, disabled }: Props) {
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  useSyncExternalStore(editor.subscribe, editor.snapshot);
  const { chosen } = editor;
  const [first] = chosen;
  if (!first || question.attributes.length === 0) return null;
  const shared = attributesFor(question, first.classKey, above(first.classKey)).filter((one) =>
    chosen.every(({ classKey }) => attributesFor(question, classKey, above(classKey)).includes(one)),
  );
  if (shared.length === 0) return null;
  const locked = disabled || chosen.every((shape) => shape.locked);
  return (
    <section className={styles.fields} aria-label={t('attributes')}>
      {shared.map((one) => (
        <AttributeField
          key={one.key}
          about={one}
          value={common(chosen, one.key)}
          disabled={locked}
          onChange={(value) => setAttributes(editor, { [one.key]: value })}
        />
      ))}
    </section>
  );
}

/** The value that all of them have. */
function common(shapes: readonly Shape[], key: string): AttributeValue | undefined {
  const [first, ...others] = shapes.map(({ attributes }) => attributes[key]);
  const same = (other: AttributeValue | undefined) => JSON.stringify(other) === JSON.stringify(first);
  return others.every(same) ? first : undefined;
}
