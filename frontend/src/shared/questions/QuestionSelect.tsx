import { Select, type SelectProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { idOf, type QuestionInUse } from './useQuestionHere';

interface Props extends Omit<SelectProps, 'value' | 'onChange' | 'data'> {
  questions: readonly QuestionInUse[];
  value: QuestionInUse | undefined;
  onChange: (question: QuestionInUse) => void;
}

/** A question of any schema of the project, with how many items have a label for it. */
export function QuestionSelect({ questions, value, onChange, ...rest }: Props) {
  const { t, i18n } = useTranslation('common');
  const title = ({ title, question }: QuestionInUse) => title[i18n.language] ?? title.en ?? question;
  const families = [...new Set(questions.map((one) => one.family))];
  return (
    <Select
      label={t('questions.label')}
      {...rest}
      data={families.map((family) => {
        const asked = questions.filter((one) => one.family === family);
        return {
          group: asked[0]?.schema_name ?? family,
          items: asked.map((one) => ({
            value: idOf(one),
            label: t('questions.option', { title: title(one), count: one.n_labels }),
          })),
        };
      })}
      value={value ? idOf(value) : null}
      onChange={(id) => {
        const next = questions.find((one) => idOf(one) === id);
        if (next) onChange(next);
      }}
      allowDeselect={false}
    />
  );
}
