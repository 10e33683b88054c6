import { useTranslation } from 'react-i18next';
import { TONE_ICONS, toneColour } from '@/shared/ui/tone';
import styles from '../insights.module.css';
import type { SectionVerdict } from '../verdicts';

/** All verdicts at a glance; each leads to its section. */
export function Overview({ verdicts }: { verdicts: readonly SectionVerdict[] }) {
  const { t } = useTranslation('insights');
  return (
    <ul className={styles.overview} aria-label={t('overview')}>
      {verdicts.map(({ id, tone, text }) => {
        const Icon = TONE_ICONS[tone];
        return (
          <li key={id}>
            <a className={styles.line} href={`#${id}`}>
              <span className={styles.lineIcon}>
                <Icon size={18} stroke={1.8} color={toneColour(tone)} aria-label={t(`tone.${tone}`)} />
              </span>
              <strong>{t(`${id}.title`)}</strong>
              <span className={styles.lineText}>{text}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
