import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
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

interface Props {
  label: string;
  pictures: readonly Picture[];
  /** There are more to fetch: asked for when all of these are shown. */
  onMore?: (() => void) | undefined;
}

const STEP = 21;

/** Some dozens of pictures with words beneath each: what was said and why. For any number there is `ThumbGrid`. */
export function PictureList({ label, pictures, onMore }: Props) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const [count, setCount] = useState(STEP);
  const handleMore = () => {
    if (count + STEP >= pictures.length) onMore?.();
    setCount(count + STEP);
  };
  return (
    <>
      <ul className={styles.list} aria-label={label}>
        {pictures.slice(0, count).map((one) => (
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
      {(pictures.length > count || onMore) && (
        <Button variant="default" mt="sm" onClick={handleMore}>
          {t('ui.more')}
        </Button>
      )}
    </>
  );
}
