import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShapeLine } from '@/engine/list';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Refused } from './Desk';
import type { DeskFault } from './faults';
import { type AttributeQuestion, said } from './question';

export type ShapeWords = ReturnType<typeof useShapeWords>;

/** Shapes and what is wrong with them, in words. */
export function useShapeWords(index: ClassIndex, attributes: readonly AttributeQuestion[] = []) {
  const { t, i18n } = useTranslation('shapes');
  const { language } = i18n;
  return useMemo(() => {
    const classOf = (key: string) => (key === '' ? t('noClass') : (index.get(key)?.name ?? key));
    const place = (at: { x: number; y: number } | undefined) =>
      at ? ` ${t('fault.at', { x: Math.round(at.x), y: Math.round(at.y) })}` : '';
    const attribute = (key: string) => {
      const found = attributes.find((one) => one.key === key);
      return found ? said(found.title, language, key) : key;
    };
    return {
      classOf,
      line: (line: ShapeLine): string =>
        [
          t('line.name', {
            kind: t(`kind.${line.kind}`),
            number: line.number,
            of: line.of,
            class: classOf(line.classKey),
          }),
          t(`region.${line.region}`),
          t('line.size', { width: line.width, height: line.height }),
          ...(line.hidden ? [t('line.hidden')] : []),
          ...(line.locked ? [t('line.locked')] : []),
        ].join(', '),
      fault: (fault: DeskFault): string => {
        if (fault.code === 'attribute_missing')
          return t('fault.attribute_missing', { attribute: attribute(fault.attribute) });
        if (fault.code === 'too_many_shapes') return t('fault.too_many_shapes', { count: fault.count ?? 0 });
        return t(`fault.${fault.code}`) + ('at' in fault ? place(fault.at) : '');
      },
      refused: ({ why, fault }: Refused): string => t(`fault.${why}`) + place(fault?.at),
    };
  }, [t, index, attributes, language]);
}
