import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/shared/format';
import type { Answer, Case } from '../queries';

/** Skips, and what was sent back with the reviewer's words: it counts no more, and it stays. */
export function History({ one, nameOf }: { one: Case; nameOf: (answer: Answer) => string }) {
  const { t } = useTranslation('review');
  const past = one.answers.filter((given) => given.answer.kind === 'skip' || given.sent_back);
  if (past.length === 0) return null;
  return (
    <div>
      <Text size="xs" fw={600}>
        {t('remarks')}
      </Text>
      {past.map((given) => (
        <Text key={given.id} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {[
            given.pseudonym,
            given.answer.kind === 'skip'
              ? t('skipped', {
                  reason: t(`skip.${given.answer.reason}`, { defaultValue: given.answer.reason ?? '' }),
                })
              : nameOf(given.answer),
            given.comment,
            given.sent_back &&
              t(`sentBack.${given.sent_back.destination}`, { by: given.sent_back.by ?? t('somebody') }),
            given.sent_back && formatAgo(given.sent_back.at),
            given.sent_back?.comment,
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      ))}
    </div>
  );
}
