import {
  IconActivity,
  IconClipboardText,
  IconPackage,
  IconPhoto,
  IconPuzzle,
  IconScale,
  IconTag,
  IconTopologyStar3,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCompact, formatCount, formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { projectLink } from '@/shared/projectLink';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { useSaid } from '@/shared/ui/said';
import { toneBackground, toneColour } from '@/shared/ui/tone';
import { Light } from '@/shared/ui/Verdict';
import type { Station, StationKey } from '../queries';
import { linkOfStation, TONE_OF } from '../words';
import styles from './Loop.module.css';

const ICONS: Record<StationKey, typeof IconTag> = {
  define: IconClipboardText,
  data: IconPhoto,
  labels: IconTag,
  version: IconPackage,
  model: IconTopologyStar3,
  production: IconActivity,
  audit: IconScale,
  hard_samples: IconPuzzle,
};

/** The whole loop as one picture: it starts at Define, and what production finds hard comes back to the labels. */
export function Loop({ stations, back }: { stations: readonly Station[]; back: number | null }) {
  const { t } = useTranslation('home');
  return (
    <section className={styles.frame} aria-label={t('loop.title')}>
      <div className={styles.loop}>
        <Answer stations={stations} />
        <ol className={styles.stations}>
          {stations.map((station, at) => (
            <li key={station.key} className={styles.station}>
              {at > 0 && <Arrow to={station.key} flow={station.flow} />}
              <StationCard station={station} />
              {station.key === 'hard_samples' && <Arrow to="back" flow={back} />}
            </li>
          ))}
        </ol>
        <span className={styles.bracket} aria-hidden="true" />
      </div>
    </section>
  );
}

/** What the loop is for: one question, one answer. */
function Answer({ stations }: { stations: readonly Station[] }) {
  const { t } = useTranslation('home');
  const say = useServerWords('home');
  const tell = useSaid();
  const production = stations.find((one) => one.key === 'production');
  if (!production) return null;
  const tone = TONE_OF[production.light];
  return (
    <div className={styles.answer} style={{ background: toneBackground(tone) }}>
      <span className={styles.soft}>{t('loop.question')}</span>
      <strong>
        <Light tone={tone}>{t(`light.${production.light}`)}</Light>
      </strong>
      <span>
        {tell(
          production.said,
          production.sentence,
          say(`why.production.${production.light}`, {}, production.sentence),
        )}
      </span>
    </div>
  );
}

function StationCard({ station }: { station: Station }) {
  const { t } = useTranslation('home');
  const say = useServerWords('home');
  const tell = useSaid();
  const { slug } = useProject();
  const Icon = ICONS[station.key];
  const tone = TONE_OF[station.light];
  const words = { figure: station.figure, n: station.flow === null ? '' : formatCount(station.flow) };
  const value = station.estimate?.value;
  const why = tell(
    station.said,
    station.sentence,
    say(`why.${station.key}.${station.light}`, words, station.sentence),
  );
  const nothing = station.light === 'empty' && !/\d/.test(station.figure.replace(/^0$/, ''));
  return (
    <Link
      className={styles.card}
      data-station={station.key}
      style={{ borderTopColor: toneColour(tone) }}
      {...projectLink(slug, linkOfStation(station))}
    >
      <span className={styles.head}>
        <Icon size={16} stroke={1.8} aria-hidden="true" />
        <strong>{t(`station.${station.key}`)}</strong>
        <span className={styles.light}>
          <Light tone={tone}>{t(`light.${station.light}`)}</Light>
        </span>
      </span>
      {!nothing && (
        <span className={styles.figure} data-name={station.unit === 'model' || undefined}>
          <span className="tabular">{station.figure}</span> <small>{t(`unit.${station.unit}`)}</small>
        </span>
      )}
      {station.estimate && value != null && (
        <span className={styles.estimate}>
          <EstimateBar {...station.estimate} compact width={110} label={t(`station.${station.key}`)} />
          {station.key === 'model' && <span className="tabular">{formatPercent(value)}</span>}
        </span>
      )}
      <span className={styles.sentence} title={why}>
        {why}
      </span>
    </Link>
  );
}

/** From the station before: what came along it this week, in short where the picture is wide. */
function Arrow({ to, flow }: { to: StationKey | 'back'; flow: number | null }) {
  const { t } = useTranslation('home');
  return (
    <span className={styles.arrow} data-arrow={to}>
      <svg viewBox="0 0 40 12" width="40" height="12" aria-hidden="true">
        <path d="M0 6h34" stroke="currentColor" strokeWidth="1.6" fill="none" />
        <path d="m31 1 8 5-8 5z" fill="currentColor" />
      </svg>
      {flow !== null && (
        <>
          <span className={styles.short} aria-hidden="true">
            {formatCompact(flow)}
          </span>
          <span className={styles.long}>{t(`flow.${to}`, { n: formatCount(flow), count: flow })}</span>
        </>
      )}
      {flow === null && to === 'back' && <span className={styles.long}>{t('flow.return')}</span>}
    </span>
  );
}
