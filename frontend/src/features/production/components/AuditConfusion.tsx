import { useTranslation } from 'react-i18next';
import { Confusion } from '@/charts/Confusion';
import { formatCount } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { Section } from '@/shared/ui/Section';
import type { AuditResult } from '../queries';
import { useClassName } from '../words';

type Cell = NonNullable<AuditResult['confusion']>[number];

/** Cells as a matrix of expected numbers of predictions; what was not seen is nought. */
export function scaled(classes: readonly string[], cells: readonly Cell[]): number[][] {
  const matrix = classes.map(() => classes.map(() => 0));
  for (const cell of cells) {
    const row = matrix[classes.indexOf(cell.truth)];
    const column = classes.indexOf(cell.predicted);
    if (row && column >= 0) row[column] = cell.items.value ?? 0;
  }
  return matrix;
}

interface Props {
  classes: readonly string[];
  cells: readonly Cell[];
  names: Readonly<Record<string, string>>;
}

/** Truth against prediction, scaled from the sample to all of production. A cell narrows the errors to its own. */
export function AuditConfusion({ classes, cells, names }: Props) {
  const { t } = useTranslation('production');
  const className = useClassName(names);
  const [, setPair] = useUrlState('pair', '');
  const all = [...new Set([...classes, ...cells.flatMap((one) => [one.truth, one.predicted])])];
  return (
    <Section>
      <Confusion
        title={t('audit.confusion')}
        caption={t('audit.confusionText')}
        classes={all.map(className)}
        matrix={scaled(all, cells)}
        format={(value) => formatCount(Math.round(value))}
        onPick={(truth, predicted) => {
          if (truth !== predicted) setPair(`${all[truth] ?? ''}>${all[predicted] ?? ''}`);
        }}
      />
    </Section>
  );
}
