import { Group, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Loading keeps the layout of what is coming. */

function Busy({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('ui.loading')} aria-busy="true">
      {children}
    </div>
  );
}

const range = (n: number) => Array.from({ length: n }, (_, index) => index);

export function PageSkeleton() {
  return (
    <Busy>
      <Skeleton height={28} width={220} mb="xs" />
      <Skeleton height={16} width={320} mb="lg" />
      <Skeleton height={160} mb="md" />
      <Skeleton height={240} />
    </Busy>
  );
}

export function TableSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Busy>
      <Stack gap={8}>
        {range(rows).map((row) => (
          <Skeleton key={row} height={28} />
        ))}
      </Stack>
    </Busy>
  );
}

export function GridSkeleton({ tiles = 24, size = 128 }: { tiles?: number; size?: number }) {
  return (
    <Busy>
      <Group gap={8}>
        {range(tiles).map((tile) => (
          <Skeleton key={tile} width={size} height={size} />
        ))}
      </Group>
    </Busy>
  );
}

export function FigureSkeleton({ height = 200 }: { height?: number }) {
  return (
    <Busy>
      <Skeleton height={height} />
    </Busy>
  );
}
