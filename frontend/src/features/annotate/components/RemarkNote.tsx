import { Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Remark } from '../types';

/** Why this came back, above everything that answers it. */
export function RemarkNote({ remark }: { remark: Remark }) {
  const { t } = useTranslation('annotate');
  return (
    <div
      role="note"
      style={{
        margin: 8,
        padding: 8,
        border: '1px solid var(--ts-warning)',
        borderRadius: 4,
        background: 'var(--ts-warning-soft)',
      }}
    >
      <Text size="sm" fw={600} component="div">
        <IconArrowBackUp size={14} aria-hidden="true" />{' '}
        {t(remark.answer ? 'remark.yours' : 'remark.another')}
      </Text>
      {remark.comment && (
        <Text size="sm" component="div" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {remark.comment}
        </Text>
      )}
      {remark.x !== null && (
        <Text size="xs" component="div" c="dimmed">
          {t('remark.place')}
        </Text>
      )}
    </div>
  );
}
