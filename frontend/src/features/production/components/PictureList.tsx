import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import styles from './PictureList.module.css';

export interface Picture {
  id: string;
  /** The item that is opened. */
  sha256: string;
  src: string | null;
  /** Read aloud. */
  name: string;
  caption?: ReactNode;
}

/** A few dozen pictures with words beneath each: what was said and why. For any number there is `ThumbGrid`. */
export function PictureList({ label, pictures }: { label: string; pictures: readonly Picture[] }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  return (
    <ul className={styles.list} aria-label={label}>
      {pictures.map((one) => (
        <li key={one.id}>
          <Link
            className={styles.picture}
            to="/p/$project/data/items/$id"
            params={{ project: slug, id: one.sha256 } as never}
            aria-label={one.name}
          >
            <span className={styles.frame}>
              {one.src ? (
                <img src={one.src} alt="" loading="lazy" decoding="async" />
              ) : (
                <span className={styles.none}>{t('log.notKept')}</span>
              )}
            </span>
            {one.caption && <span className={styles.caption}>{one.caption}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}
