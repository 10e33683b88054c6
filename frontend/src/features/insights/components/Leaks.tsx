import { Anchor, Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatP } from '@/shared/format';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Light } from '@/shared/ui/Verdict';
import type { LeakFinding, UnderstandResult } from '../queries';
import { JUDGEMENT_TONE, useNames } from '../words';

/** Every column scored alone against the label: the effect with its interval, and p only beside it. */
export function Leaks({ project, leaks }: { project: string; leaks: UnderstandResult['leaks'] }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const [all, setAll] = useState(false);
  const telling = leaks.findings.filter((one) => !['nothing', 'not-tested'].includes(one.judgement));
  const rows = all || telling.length === 0 ? leaks.findings : telling;
  const advice = (one: LeakFinding) =>
    one.judgement === 'leak'
      ? t(`leaks.advice.leak-${one.known_at_prediction}`)
      : t(`leaks.advice.${one.judgement}`);
  const columns: Column<LeakFinding>[] = [
    {
      key: 'name',
      header: t('column.attribute'),
      width: 190,
      render: (one) => (
        <>
          <strong>{names(one.name)}</strong>
          <Text size="xs" c="dimmed">
            {t(`origin.${one.origin}`)}
          </Text>
        </>
      ),
    },
    {
      key: 'judgement',
      header: t('column.judgement'),
      render: (one) => (
        <Light tone={JUDGEMENT_TONE[one.judgement] ?? 'unknown'}>{t(`judgement.${one.judgement}`)}</Light>
      ),
    },
    {
      key: 'skill',
      header: <InfoTip text={t('leaks.skillHelp')}>{t('leaks.skill')}</InfoTip>,
      render: (one) => <EstimateBar {...one.skill} label={names(one.name)} />,
    },
    {
      key: 'p',
      header: <InfoTip text={t('leaks.pHelp', { count: leaks.permutations })}>p</InfoTip>,
      align: 'right',
      render: (one) =>
        one.p_value === null ? '' : formatP(one.p_value).replace('p = ', '').replace('p ', ''),
    },
    {
      key: 'known',
      header: t('column.known'),
      render: (one) =>
        one.origin === 'technical' ? (
          <Text size="sm" c="dimmed">
            {t('leaks.technical')}
          </Text>
        ) : (
          t(`known.${one.known_at_prediction}`)
        ),
    },
    { key: 'advice', header: t('column.advice'), render: (one) => <Text size="sm">{advice(one)}</Text> },
  ];
  return (
    <>
      {rows.length > 0 && (
        <DataTable
          label={t('leaks.title')}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.name}
          maxHeight={520}
        />
      )}
      {telling.length > 0 && leaks.findings.length > telling.length && (
        <Button size="compact-xs" variant="subtle" color="gray" mt={4} onClick={() => setAll(!all)}>
          {all ? t('leaks.fewer') : t('leaks.all', { count: leaks.findings.length })}
        </Button>
      )}
      {leaks.not_known.length > 0 && (
        <Text size="sm" mt="xs">
          {t('leaks.notKnown', { names: leaks.not_known.map(names).join(', ') })}
        </Text>
      )}
      {leaks.undecided.length > 0 && (
        <Text size="sm" mt="xs">
          {t('leaks.undecided', { names: leaks.undecided.map(names).join(', ') })}{' '}
          <Anchor
            size="sm"
            component={Link}
            to="/p/$project/data/import"
            params={{ project } as never}
            hash="attributes"
          >
            {t('leaks.decide', { count: leaks.undecided.length })}
          </Anchor>
        </Text>
      )}
      {leaks.findings.length > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {t('leaks.caption', { n: formatCount(leaks.n), classes: formatCount(leaks.n_classes) })}
        </Text>
      )}
    </>
  );
}
