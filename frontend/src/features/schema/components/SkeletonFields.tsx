import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { keyOf } from '../model/draft';
import { addPoint, nameFault, removePoint, renamePoint } from '../model/skeleton';
import type { Skeleton } from '../model/types';
import styles from '../SchemaPage.module.css';
import { SkeletonDrawing } from './SkeletonDrawing';

interface Props {
  skeletons: readonly Skeleton[];
  /** Of the version before: shapes were drawn by them, so their points neither come nor go. */
  kept: readonly Skeleton[];
  readOnly: boolean;
  onChange: (skeletons: Skeleton[]) => void;
}

interface OneProps {
  one: Skeleton;
  fixed: boolean;
  readOnly: boolean;
  onChange: (skeleton: Skeleton) => void;
  onRemove: () => void;
}

function One({ one, fixed, readOnly, onChange, onRemove }: OneProps) {
  const { t } = useTranslation('schema');
  return (
    <fieldset className={styles.part}>
      <legend>{t('skeleton.title', { key: one.key })}</legend>
      <div className={styles.skeletonColumns}>
        <SkeletonDrawing skeleton={one} readOnly={readOnly} onChange={onChange} />
        <Stack gap={4}>
          {one.names.map((name, at) => {
            const fault = nameFault(one.names, at);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the list
              <Group key={at} gap={4} wrap="nowrap" align="flex-start">
                <TextInput
                  size="xs"
                  flex={1}
                  aria-label={t('skeleton.name', { n: at + 1 })}
                  value={name}
                  maxLength={80}
                  disabled={readOnly}
                  error={fault && t(`skeleton.${fault}`)}
                  onChange={(event) => onChange(renamePoint(one, at, event.currentTarget.value))}
                />
                {!readOnly && !fixed && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('skeleton.removePoint', { name })}
                    onClick={() => onChange(removePoint(one, at))}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                )}
              </Group>
            );
          })}
          {!readOnly && (
            <Group gap={6}>
              {!fixed && (
                <>
                  <Button
                    size="compact-xs"
                    variant="default"
                    leftSection={<IconPlus size={12} />}
                    onClick={() => onChange(addPoint(one, t('skeleton.stem')))}
                  >
                    {t('skeleton.addPoint')}
                  </Button>
                  <Button size="compact-xs" variant="default" onClick={onRemove}>
                    {t('skeleton.remove')}
                  </Button>
                </>
              )}
              {fixed && (
                <Text size="xs" c="dimmed">
                  {t('skeleton.fixed')}
                </Text>
              )}
            </Group>
          )}
        </Stack>
      </div>
    </fieldset>
  );
}

/** The templates of key points: names, places and edges, drawn as a new shape will have them. */
export function SkeletonFields({ skeletons, kept, readOnly, onChange }: Props) {
  const { t } = useTranslation('schema');
  const fixed = new Set(kept.map((one) => one.key));
  const add = () => {
    const key = keyOf('skeleton', new Set(skeletons.map((one) => one.key)), 'skeleton', '_');
    const empty: Skeleton = { key, names: [], edges: [] };
    onChange([...skeletons, addPoint(addPoint(empty, t('skeleton.stem')), t('skeleton.stem'))]);
  };
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {t('skeleton.all')}
      </Text>
      {skeletons.map((one, at) => (
        <One
          key={one.key}
          one={one}
          fixed={fixed.has(one.key)}
          readOnly={readOnly}
          onChange={(changed) => onChange(skeletons.map((old, index) => (index === at ? changed : old)))}
          onRemove={() => onChange(skeletons.filter((_, index) => index !== at))}
        />
      ))}
      {skeletons.length === 0 && (
        <Text size="sm" c="var(--ts-warning)">
          {t('skeleton.none')}
        </Text>
      )}
      {!readOnly && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={add}
          style={{ alignSelf: 'flex-start' }}
        >
          {t('skeleton.add')}
        </Button>
      )}
    </Stack>
  );
}
