import { Checkbox, Group, NumberInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

export interface Protocol {
  kind: 'hold_out' | 'k_fold' | 'final';
  folds: number;
  repeats: number;
  stratified: boolean;
  grouped: boolean;
}

/** What the server wants to know: folds only where there are folds. */
export function protocolBody(protocol: Protocol): Record<string, unknown> {
  const { kind, folds, repeats, stratified, grouped } = protocol;
  return kind === 'k_fold' ? { kind, folds, repeats, stratified, grouped } : { kind };
}

interface Props {
  value: Protocol;
  onChange: (value: Protocol) => void;
}

/** How the run is judged. */
export function ProtocolFields({ value, onChange }: Props) {
  const { t } = useTranslation('models');
  const label = useId();
  const set = (change: Partial<Protocol>) => onChange({ ...value, ...change });
  return (
    <Stack gap={4}>
      <Text id={label} size="sm" fw={500}>
        {t('form.protocol')}
      </Text>
      <SegmentedControl
        aria-labelledby={label}
        fullWidth
        data={(['hold_out', 'k_fold', 'final'] as const).map((kind) => ({
          value: kind,
          label: t(`protocol.${kind}`),
        }))}
        value={value.kind}
        onChange={(kind) => set({ kind: kind as Protocol['kind'] })}
      />
      <Text size="xs" c="dimmed">
        {t(`protocolText.${value.kind}`)}
      </Text>
      {value.kind === 'k_fold' && (
        <Group align="flex-end" gap="sm">
          <NumberInput
            size="xs"
            w={90}
            label={t('form.folds')}
            min={2}
            max={20}
            value={value.folds}
            onChange={(folds) => set({ folds: Number(folds) })}
          />
          <NumberInput
            size="xs"
            w={90}
            label={t('form.repeats')}
            min={1}
            max={10}
            value={value.repeats}
            onChange={(repeats) => set({ repeats: Number(repeats) })}
          />
          <Checkbox
            size="xs"
            label={t('form.stratified')}
            checked={value.stratified}
            onChange={(event) => set({ stratified: event.currentTarget.checked })}
          />
          <Checkbox
            size="xs"
            label={t('form.grouped')}
            checked={value.grouped}
            onChange={(event) => set({ grouped: event.currentTarget.checked })}
          />
        </Group>
      )}
    </Stack>
  );
}
