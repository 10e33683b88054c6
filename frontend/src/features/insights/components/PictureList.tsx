import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from '../insights.module.css';
import type { Pictures } from '../queries';

interface Props {
  project: string;
  label: string;
  pictures: Pictures;
  items: readonly { sha256: string; caption?: ReactNode }[];
  size?: number;
}

/** Items as pictures, each a link to its page. What has no picture is named by its hash. */
export function PictureList({ project, label, pictures, items, size = 72 }: Props) {
  const { t } = useTranslation('insights');
  return (
    <ul className={styles.pictures} aria-label={label}>
      {items.map(({ sha256, caption }) => {
        const src = pictures[sha256]?.[size > 128 ? 'medium' : 'small'];
        return (
          <li key={sha256}>
            <Link
              className={styles.picture}
              to="/p/$project/data/items/$id"
              params={{ project, id: sha256 }}
              aria-label={t('item', { id: sha256.slice(0, 8) })}
            >
              {src ? (
                <img src={src} width={size} height={size} alt="" loading="lazy" decoding="async" />
              ) : (
                <code>{sha256.slice(0, 8)}</code>
              )}
              {caption}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
