import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bars } from '@/charts/Bars';
import { formatNumber, formatPercent } from '@/shared/format';
import { classColour } from '@/shared/ui/classColour';
import type { UnderstandResult } from '../queries';

const SHOWN = 24;

export function Balance({
  balance,
  className,
}: {
  balance: NonNullable<UnderstandResult['balance']>;
  className: (key: string) => string;
}) {
  const { t } = useTranslation('insights');
  const [all, setAll] = useState(false);
  const shown = all ? balance.classes.slice(0, 300) : balance.classes.slice(0, SHOWN);
  return (
    <>
      <Bars
        title={t('balance.figure')}
        caption={
          balance.effective_classes !== null &&
          t('balance.caption', {
            effective: formatNumber(balance.effective_classes, 2),
            count: balance.classes.length,
          })
        }
        rows={shown.map((one) => ({
          key: one.key,
          label: className(one.key),
          value: one.share.value ?? 0,
          low: one.share.low,
          high: one.share.high,
          colour: classColour(one.key),
        }))}
        format={(value) => formatPercent(value)}
      />
      {balance.classes.length > SHOWN && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAll(!all)}>
          {all ? t('balance.fewer') : t('balance.all', { count: Math.min(balance.classes.length, 300) })}
        </Button>
      )}
      {balance.absent.length > 0 && (
        <Text size="sm" mt="xs">
          {t('balance.absentNames', { names: balance.absent.slice(0, 12).map(className).join(', ') })}
          {balance.absent.length > 12 && ' …'}
        </Text>
      )}
    </>
  );
}
