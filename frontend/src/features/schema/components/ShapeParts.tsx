import type { SchemaQuestion } from '../model/types';
import styles from '../SchemaPage.module.css';
import { AttributeEditor } from './AttributeEditor';
import { SkeletonFields } from './SkeletonFields';

interface Props {
  question: SchemaQuestion;
  /** The same in the version that the draft starts from. */
  before: SchemaQuestion | undefined;
  readOnly: boolean;
  onChange: (patch: Partial<SchemaQuestion>) => void;
}

/** What a question about shapes knows of each shape: how key points hang together, and what is asked besides the class. */
export function ShapeParts({ question, before, readOnly, onChange }: Props) {
  return (
    <div className={styles.parts}>
      {question.tools?.includes('keypoints') && (
        <SkeletonFields
          skeletons={question.skeletons ?? []}
          kept={before?.skeletons ?? []}
          readOnly={readOnly}
          onChange={(skeletons) => onChange({ skeletons })}
        />
      )}
      <AttributeEditor
        attributes={question.attributes ?? []}
        kept={before?.attributes ?? []}
        classes={question.classes}
        readOnly={readOnly}
        onChange={(attributes) => onChange({ attributes })}
      />
    </div>
  );
}
