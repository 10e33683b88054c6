import { Button, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { projectLink } from '@/shared/projectLink';
import { Section } from '@/shared/ui/Section';
import { useSaid } from '@/shared/ui/said';
import { TONE_ICONS, toneColour } from '@/shared/ui/tone';
import type { NextStep } from '../queries';
import { linkOfStep, toneOfUrgency } from '../words';
import styles from './NextSteps.module.css';

/** What to do next, the most urgent first: a reason and one button each. */
export function NextSteps({ steps }: { steps: readonly NextStep[] }) {
  const { t, i18n } = useTranslation('home');
  const say = useServerWords('home');
  const tell = useSaid();
  const { slug } = useProject();
  return (
    <Section title={t('next.title')}>
      {steps.length === 0 && <Text c="dimmed">{t('next.none')}</Text>}
      <ol className={styles.steps}>
        {steps.map((step, at) => {
          const tone = toneOfUrgency(step.urgency);
          const Icon = TONE_ICONS[tone];
          const { n, ...data } = step.data;
          const values = { ...data, n: typeof n === 'number' ? formatCount(n) : n };
          const known = i18n.exists(`home:next.do.${step.code}`);
          return (
            <li key={`${step.code}-${step.link}-${step.reason}`} className={styles.step}>
              <Icon size={20} stroke={1.8} color={toneColour(tone)} aria-hidden="true" />
              <span className={styles.words}>
                <strong>{t(known ? `next.title_of.${step.code}` : 'next.other')}</strong>
                <span>
                  {tell(step.said, step.reason, say(`next.reason.${step.code}`, values, step.reason))}
                </span>
              </span>
              <Button
                component={Link}
                variant={at === 0 ? 'filled' : 'default'}
                {...projectLink(slug, linkOfStep(step))}
              >
                {t(known ? `next.do.${step.code}` : 'next.open')}
              </Button>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
