import { Button, Group, NumberInput, Popover, Select, Stack } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClasses } from '../classes';
import type { FilterHere } from '../filters';
import { attributesQuery, versionsQuery } from '../queries';
import { COLUMNS, STATISTICS, useNames } from '../words';

/** A range of a number, a class with all below it, a version: what needs more than a click on a value. */
export function MoreFilters({ project, here }: { project: string; here: FilterHere }) {
  const { t } = useTranslation('data');
  const names = useNames();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const [low, setLow] = useState<number | string>('');
  const [high, setHigh] = useState<number | string>('');
  const { data: attributes } = useQuery(attributesQuery(project));
  const { data: versions } = useQuery(versionsQuery(project));
  const { question, pathOf } = useClasses(project);
  const numbers = (attributes ?? [])
    .filter((one) => one.type === 'number' || one.type === 'integer')
    .map((one) => one.name);
  const addRange = () => {
    if (!name) return;
    here.change({
      [`attr.${name}.min`]: low === '' ? [] : [String(low)],
      [`attr.${name}.max`]: high === '' ? [] : [String(high)],
    });
    setOpened(false);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={320} trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconAdjustments size={16} />}
          onClick={() => setOpened(!opened)}
        >
          {t('filter.more')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Select
            label={t('filter.class')}
            description={t('filter.classHelp')}
            placeholder={t('filter.any')}
            data={(question?.classes ?? []).map((one) => ({ value: one.key, label: pathOf(one.key) }))}
            value={here.filter.label?.[0] ?? null}
            onChange={(value) => here.set('label', value ? [value] : [])}
            searchable
            clearable
            limit={60}
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            label={t('filter.version')}
            placeholder={t('filter.any')}
            data={(versions?.results ?? []).map((one) => one.ref)}
            value={here.filter.version?.[0] ?? null}
            onChange={(value) => here.set('version', value ? [value] : [])}
            searchable
            clearable
            comboboxProps={{ withinPortal: false }}
          />
          <Select
            label={t('filter.number')}
            placeholder={t('filter.numberPick')}
            data={[
              { group: t('filter.attributes'), items: numbers },
              { group: t('filter.picture'), items: [...COLUMNS, ...STATISTICS] },
            ].map(({ group, items }) => ({
              group,
              items: items.map((value) => ({ value, label: names(value) })),
            }))}
            value={name}
            onChange={setName}
            searchable
            comboboxProps={{ withinPortal: false }}
          />
          {name && (
            <Group gap="xs" wrap="nowrap" align="flex-end">
              <NumberInput label={t('filter.from')} value={low} onChange={setLow} hideControls />
              <NumberInput label={t('filter.to')} value={high} onChange={setHigh} hideControls />
              <Button variant="default" onClick={addRange} disabled={low === '' && high === ''}>
                {t('filter.apply')}
              </Button>
            </Group>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
