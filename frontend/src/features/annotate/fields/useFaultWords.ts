import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import type { FieldFault, FieldQuestion } from './checkField';

const hole = (value: number | null | undefined) => (value == null ? '' : formatCount(value));

/** Why what was typed is no answer, in words. */
export function useFaultWords(question: FieldQuestion): (fault: FieldFault) => string {
  const { t } = useTranslation('fields');
  const { min = null, max = null, step = null, max_length: most } = question;
  return (fault) =>
    t(`fault.${fault}`, { min: hole(min), max: hole(max), step: hole(step), most: hole(most) });
}
