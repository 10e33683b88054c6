import { Button, Group, Pill } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { FilterHere } from '../filters';
import { useFacetWords, useNames } from '../words';

/** What the list is narrowed to, each with its cross. */
export function ActiveFilters({ project, here }: { project: string; here: FilterHere }) {
  const { t } = useTranslation('data');
  const words = useFacetWords(project);
  const names = useNames();
  if (here.count === 0) return null;
  const title = (name: string) => {
    const match = /^attr\.(.+?)(?:\.(min|max|missing))?$/s.exec(name);
    if (!match) return t(`facet.${name}`);
    const part = match[2] ? ` ${t(`filter.part.${match[2]}`)}` : '';
    return names(match[1] ?? name) + part;
  };
  return (
    <Group gap={6} mb="xs">
      {Object.entries(here.filter).flatMap(([name, values]) =>
        values.map((value) => (
          <Pill
            key={`${name} ${value}`}
            size="md"
            withRemoveButton
            onRemove={() => here.toggle(name, value)}
            removeButtonProps={{
              'aria-label': t('filter.remove', { filter: `${title(name)}: ${words(name, value)}` }),
              'aria-hidden': false,
              tabIndex: 0,
            }}
          >
            {title(name)}: {words(name, value)}
          </Pill>
        )),
      )}
      <Button size="compact-xs" variant="subtle" color="gray" onClick={here.clear}>
        {t('filter.clear')}
      </Button>
    </Group>
  );
}
