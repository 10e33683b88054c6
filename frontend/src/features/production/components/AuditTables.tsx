import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import type { AuditResult, Estimate } from '../queries';
import { useClassName, useStratumName } from '../words';

type Names = Readonly<Record<string, string>>;

interface StratumRow {
  name: string;
  population: number;
  asked: number;
  answered: number;
  accuracy: Estimate | null;
}

/** From where the sample was drawn, and what each part says. */
export function Strata({ rows, names }: { rows: readonly StratumRow[]; names: Names }) {
  const { t } = useTranslation('production');
  const stratumName = useStratumName(names);
  return (
    <Section title={t('audit.strata')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('audit.strataText')}
      </Text>
      <Table.ScrollContainer minWidth={620}>
        <Table verticalSpacing={4} aria-label={t('audit.strata')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">
                <InfoTip text={t('design.stratumDefinition')}>{t('design.stratum')}</InfoTip>
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('design.size')}
              </Table.Th>
              <Table.Th scope="col" ta="right">
                {t('audits.judged')}
              </Table.Th>
              <Table.Th scope="col">{t('audits.accuracy')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((one) => (
              <Table.Tr key={one.name}>
                <Table.Td>{stratumName(one.name)}</Table.Td>
                <Table.Td ta="right">{formatCount(one.population)}</Table.Td>
                <Table.Td ta="right">
                  {t('audits.judgedOf', {
                    judged: formatCount(one.answered),
                    asked: formatCount(one.asked),
                  })}
                </Table.Td>
                <Table.Td>
                  {one.accuracy ? (
                    <EstimateBar {...one.accuracy} label={t('audits.accuracy')} />
                  ) : (
                    <Text span size="xs" c="dimmed">
                      {t('audits.notJudged')}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

type ClassRow = NonNullable<AuditResult['by_class']>[number];

/** Precision and recall in production, class by class. */
export function ByClass({ rows, names }: { rows: readonly ClassRow[]; names: Names }) {
  const { t } = useTranslation('production');
  const className = useClassName(names);
  const head = (word: 'precision' | 'recall' | 'prevalence') => (
    <Table.Th scope="col">
      <InfoTip text={t(`audit.${word}Definition`)}>{t(`audit.${word}`)}</InfoTip>
    </Table.Th>
  );
  return (
    <Section title={t('audit.byClass')}>
      <Table.ScrollContainer minWidth={860} mah={520}>
        <Table verticalSpacing={4} stickyHeader aria-label={t('audit.byClass')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('audit.class')}</Table.Th>
              {head('prevalence')}
              {head('precision')}
              {head('recall')}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((one) => (
              <Table.Tr key={one.key}>
                <Table.Td>{className(one.key)}</Table.Td>
                <Table.Td>
                  <EstimateBar {...one.prevalence} width={90} label={t('audit.prevalence')} />
                </Table.Td>
                <Table.Td>
                  <EstimateBar {...one.precision} width={90} label={t('audit.precision')} />
                </Table.Td>
                <Table.Td>
                  <EstimateBar {...one.recall} width={90} label={t('audit.recall')} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
