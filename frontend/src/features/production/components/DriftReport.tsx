import { Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PairedHistogram } from '@/charts/PairedHistogram';
import { formatAgo, formatCount, formatNumber } from '@/shared/format';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { CannotCompute, EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import { Light, Verdict } from '@/shared/ui/Verdict';
import type { Attribute, Report } from '../queries';
import { LOOK_TONES } from '../words';
import { PictureList } from './PictureList';

const MOST_DRAWN = 4;
const MOST_ROWS = 8;
const MOST_PICTURES = 12;

/** An attribute is compared by its values and by how often it is missing. */
function useAttributeName(): (attribute: Attribute) => string {
  const { t } = useTranslation('production');
  return ({ name, kind }) => {
    const words = name.replaceAll('_', ' ');
    return kind === 'missing' ? t('drift.missing', { name: words }) : words;
  };
}

function Attributes({ attributes }: { attributes: readonly Attribute[] }) {
  const { t } = useTranslation('production');
  const nameOf = useAttributeName();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing={4} aria-label={t('drift.attributes')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('drift.attribute')}</Table.Th>
            <Table.Th scope="col">{t('drift.effect')}</Table.Th>
            <Table.Th scope="col" ta="right">
              <InfoTip text={t('drift.qDefinition')}>q</InfoTip>
            </Table.Th>
            <Table.Th scope="col" ta="right">
              <InfoTip text={t('drift.psiDefinition')}>PSI</InfoTip>
            </Table.Th>
            <Table.Th scope="col">{t('drift.differs')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attributes.map((one) => (
            <Table.Tr key={`${one.kind} ${one.name}`}>
              <Table.Td>{nameOf(one)}</Table.Td>
              <Table.Td>
                {one.test.effect === null ? (
                  <CannotCompute reason={one.test.reason} />
                ) : (
                  `${one.test.effect_name} ${formatNumber(one.test.effect, 2)}`
                )}
              </Table.Td>
              <Table.Td ta="right">
                {one.q_value === null ? '' : one.q_value < 0.001 ? '< 0.001' : one.q_value.toFixed(3)}
              </Table.Td>
              <Table.Td ta="right">{one.psi === null ? '' : formatNumber(one.psi, 2)}</Table.Td>
              <Table.Td>
                <Light tone={one.flagged ? 'warning' : 'good'}>
                  {t(one.flagged ? 'drift.yes' : 'drift.no')}
                </Light>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The verdict first; then what differs most, as numbers, as figures and as pictures. */
export function DriftReport({ report, link }: { report: Report; link: ReactNode }) {
  const { t } = useTranslation('production');
  const say = useServerWords('production');
  const nameOf = useAttributeName();
  const { result } = report;
  if (!result) return null;
  const ranked = [...result.attributes].sort(
    (a, b) =>
      Number(b.flagged) - Number(a.flagged) || Math.abs(b.test.effect ?? 0) - Math.abs(a.test.effect ?? 0),
  );
  const drawn = ranked.filter((one) => one.histogram).slice(0, MOST_DRAWN);
  const words = {
    flagged: result.attributes.filter((one) => one.flagged).length,
    n: result.attributes.length,
  };
  return (
    <>
      <Verdict tone={LOOK_TONES[result.look] ?? 'unknown'}>
        {say(`drift.look.${result.look}`, words, result.verdict)}
      </Verdict>
      <Section
        title={t('drift.latest')}
        actions={
          <Group gap="sm">
            <Text size="sm" c="dimmed">
              {formatAgo(report.finished_at ?? report.created_at)}
            </Text>
            {link}
          </Group>
        }
      >
        <Stack gap="md">
          <Text size="sm">
            {t('drift.sides', {
              reference: result.reference_name,
              current: result.current_name,
              n_reference: formatCount(result.n_reference),
              n_current: formatCount(result.n_current),
            })}
          </Text>
          <Group gap="xs">
            <Text size="sm">
              <InfoTip text={t('drift.aucDefinition')}>{t('drift.auc')}</InfoTip>
            </Text>
            {result.auc ? (
              <EstimateBar {...result.auc} unit="number" domain={[0.5, 1]} label={t('drift.auc')} />
            ) : (
              <CannotCompute reason={result.classifier_reason} />
            )}
          </Group>
          <Attributes attributes={ranked.slice(0, MOST_ROWS)} />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
            {drawn.map((one) => (
              <PairedHistogram
                key={`${one.kind} ${one.name}`}
                title={nameOf(one)}
                {...(one.histogram && one.histogram.edges.length > 0
                  ? { edges: one.histogram.edges }
                  : { categories: one.histogram?.labels ?? [] })}
                reference={one.histogram?.reference ?? []}
                current={one.histogram?.current ?? []}
                names={[t('drift.reference'), t('drift.current')]}
              />
            ))}
          </SimpleGrid>
          {result.most_different.length > 0 && (
            <div>
              <Text fw={600} size="sm" mb="xs">
                {t('drift.pictures')}
              </Text>
              <PictureList
                label={t('drift.pictures')}
                pictures={result.most_different.slice(0, MOST_PICTURES).map((one) => ({
                  id: one.sha256,
                  sha256: one.sha256,
                  src: report.pictures[one.sha256]?.small ?? null,
                  name: one.sha256.slice(0, 12),
                }))}
              />
            </div>
          )}
        </Stack>
      </Section>
    </>
  );
}
