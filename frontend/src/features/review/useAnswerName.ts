import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Answer } from './queries';

/** What an answer says, in words. */
export function useAnswerName(index: ClassIndex): (answer: Answer) => string {
  const { t } = useTranslation('review');
  const nameOf = (answer: Answer): string => {
    switch (answer.kind) {
      case 'class':
        return (answer.classes ?? []).map((key) => index.get(key)?.name ?? key).join(', ');
      case 'number':
        return String(answer.number ?? '');
      case 'text':
        return answer.text ?? '';
      case 'shapes':
        return t('answer.shapes', { count: answer.shapes?.length ?? 0 });
      case 'answers':
        return Object.values(answer.answers ?? {})
          .map(nameOf)
          .join(' · ');
      default:
        return t(`answer.${answer.kind}`);
    }
  };
  return nameOf;
}
