import { Button, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../model/draft';
import type { Skeleton } from '../model/types';

interface Props {
  skeletons: readonly Skeleton[];
  readOnly: boolean;
  onChange: (skeletons: Skeleton[]) => void;
}

/** `wrist-thumb, wrist-index` by the names of the points; what names no two points is left out. */
function edgesOf(text: string, names: readonly string[]): [number, number][] {
  return text.split(',').flatMap((pair): [number, number][] => {
    const [a = -1, b = -1] = pair.split('-').map((name) => names.indexOf(name.trim()));
    return a >= 0 && b >= 0 && a !== b ? [[a, b]] : [];
  });
}

const textOf = ({ names, edges }: Skeleton) => edges.map(([a, b]) => `${names[a]}-${names[b]}`).join(', ');

/** The points of a skeleton, one a line, and which of them are joined. */
export function SkeletonFields({ skeletons, readOnly, onChange }: Props) {
  const { t } = useTranslation('schema');
  const change = (at: number, patch: Partial<Skeleton>) =>
    onChange(skeletons.map((one, index) => (index === at ? { ...one, ...patch } : one)));
  const add = () => {
    const key = keyOf('skeleton', new Set(skeletons.map((one) => one.key)), 'skeleton', '_');
    onChange([...skeletons, { key, names: [], edges: [] }]);
  };
  return (
    <Stack gap="xs">
      {skeletons.map((one, at) => (
        <div key={one.key}>
          <Text size="sm" fw={600}>
            {t('skeleton.title', { key: one.key })}
          </Text>
          <Textarea
            label={t('skeleton.points')}
            defaultValue={one.names.join('\n')}
            disabled={readOnly}
            autosize
            minRows={2}
            maxRows={8}
            onBlur={(event) => {
              const names = event.currentTarget.value.split('\n').flatMap((line) => line.trim() || []);
              // Places of the layout belong to the points as they were.
              if (names.join('\n') !== one.names.join('\n'))
                change(at, { names, edges: [], layout: undefined });
            }}
          />
          <TextInput
            key={one.names.join('\n')}
            label={t('skeleton.edges')}
            description={t('skeleton.edgesHelp')}
            defaultValue={textOf(one)}
            disabled={readOnly}
            onBlur={(event) => change(at, { edges: edgesOf(event.currentTarget.value, one.names) })}
          />
        </div>
      ))}
      {!readOnly && (
        <Button size="xs" variant="default" onClick={add} style={{ alignSelf: 'flex-start' }}>
          {t('skeleton.add')}
        </Button>
      )}
    </Stack>
  );
}
