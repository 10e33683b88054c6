import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount } from '@/shared/format';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import type { Tone } from '@/shared/ui/tone';
import { Verdict } from '@/shared/ui/Verdict';
import { type Agreement as AgreementState, agreementQuery } from '../queries';

const FIGURES = ['krippendorff_alpha', 'fleiss_kappa', 'observed'] as const;

/** Krippendorff's own limits: reliable from 0.8, tentative from 0.667; read at the lower end of the interval. */
function judged(low: number | null, value: number | null): { tone: Tone; key: string } {
  const at = low ?? value;
  if (at === null) return { tone: 'unknown', key: 'unknown' };
  if (at >= 0.8) return { tone: 'good', key: 'reliable' };
  if (at >= 0.667) return { tone: 'warning', key: 'tentative' };
  return { tone: 'bad', key: 'unreliable' };
}

type Figures = AgreementState['figures'];

function Measured({ figures, of }: { figures: Figures; of?: string | undefined }) {
  const { t } = useTranslation('queues');
  const alpha = figures.krippendorff_alpha;
  const verdict = judged(alpha.low, alpha.value);
  return (
    <section aria-label={of}>
      {of && (
        <Text fw={600} mb={4}>
          {of}
        </Text>
      )}
      <Verdict tone={verdict.tone}>{t(`agreement.verdict.${verdict.key}`)}</Verdict>
      {FIGURES.map((key) => (
        <Group key={key} gap="xs" py={6}>
          <span style={{ width: 180, fontWeight: 500 }}>
            <InfoTip text={t(`agreement.text.${key}`)}>{t(`agreement.${key}`)}</InfoTip>
          </span>
          <EstimateBar
            {...figures[key]}
            unit={key === 'observed' ? 'percent' : 'number'}
            label={t(`agreement.${key}`)}
            target={key === 'krippendorff_alpha' ? 0.8 : null}
          />
        </Group>
      ))}
    </section>
  );
}

/** Do people mean the same by the same class? Of several questions each says it for itself. */
export function Agreement({ project, id }: { project: string; id: string }) {
  const { t, i18n } = useTranslation('queues');
  const { data, error, refetch } = useQuery(agreementQuery(project, id));
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data) return <FigureSkeleton height={160} />;
  return (
    <Section title={t('agreement.title')}>
      <Stack gap="md">
        {data.questions.length === 0 && <Measured figures={data.figures} />}
        {data.questions.map(({ question, titles, figures }) => (
          <Measured key={question} figures={figures} of={titles[i18n.language] ?? titles.en ?? question} />
        ))}
        {data.computed_at && (
          <Text size="xs" c="dimmed">
            {t('agreement.basis', {
              answers: formatCount(data.n_answers),
              items: formatCount(data.n_items),
              abstained: formatCount(data.n_abstained),
              when: formatAgo(data.computed_at),
            })}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
