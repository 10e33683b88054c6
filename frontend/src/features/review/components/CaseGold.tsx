import { Button, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { GoldMade } from '@/shared/gold/GoldMade';
import { useMakeGold } from '@/shared/gold/useMakeGold';
import { useProject } from '@/shared/hooks/useProject';
import { FormProblem } from '@/shared/ui/FormProblem';
import { sendable } from '../answers';
import type { Case } from '../queries';

/** A settled case as gold of its own queue, with the answer that it was settled with. */
export function CaseGold({ one }: { one: Case }) {
  const { t } = useTranslation('review');
  const { slug } = useProject();
  const make = useMakeGold(slug);
  const { answer } = one;
  if (!answer) return null;
  if (make.data) return <GoldMade made={make.data} />;
  return (
    <div>
      <FormProblem error={make.error} />
      <Button
        size="compact-xs"
        variant="default"
        loading={make.isPending}
        onClick={() =>
          make.mutate({ queue: one.queue, answers: [{ item: one.item.id, answer: sendable(answer) }] })
        }
      >
        {t('gold.make')}
      </Button>
      <Text size="xs" c="dimmed" mt={4}>
        {t('gold.help')}
      </Text>
    </div>
  );
}
