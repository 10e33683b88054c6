import { Anchor, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { Section } from '@/shared/ui/Section';
import type { ModelDetail } from '../queries';

/** What to know before using the model. */
export function ModelCard({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const { card } = model;
  return (
    <Section title={t('card.title', { name: card.name })}>
      <Text size="sm" c="dimmed" mb="md">
        {t('card.written', { when: formatDateTime(card.written_at) })}{' '}
        <Anchor
          component={Link}
          to="/p/$project/models/runs/$id"
          params={{ project, id: model.run } as never}
        >
          {t('card.run')}
        </Anchor>
      </Text>
      <div style={{ maxWidth: '76ch' }}>
        {card.sections.map((section) => (
          <section key={section.title} style={{ marginBottom: 16 }}>
            <Title order={3}>{section.title}</Title>
            {section.lines.map((line) => (
              <Text key={line} mt={4} style={{ overflowWrap: 'anywhere' }}>
                {line}
              </Text>
            ))}
          </section>
        ))}
      </div>
    </Section>
  );
}
