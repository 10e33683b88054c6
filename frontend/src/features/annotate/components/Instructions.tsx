import { Drawer, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  text: string;
  opened: boolean;
  onClose: () => void;
}

/** What is asked, one key away; plain paragraphs, because what people wrote is never rendered as markup. */
export function Instructions({ text, opened, onClose }: Props) {
  const { t } = useTranslation('annotate');
  const paragraphs = text.split(/\n\s*\n/).filter((p) => p.trim());
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="md" title={t('action.instructions')}>
      {paragraphs.length === 0 && <Text c="dimmed">{t('instructions.none')}</Text>}
      {paragraphs.map((paragraph) => (
        <Text key={paragraph} mb="sm" style={{ whiteSpace: 'pre-line' }}>
          {paragraph}
        </Text>
      ))}
    </Drawer>
  );
}
