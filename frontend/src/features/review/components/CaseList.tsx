import { IconCircleCheck, IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '../queries';
import styles from '../ReviewPage.module.css';

interface Props {
  cases: readonly Case[];
  current: string;
  onOpen: (id: string) => void;
  onEnd: () => void;
}

/** The disputed pictures, one beneath the other; the current one stays in view. */
export function CaseList({ cases, current, onOpen, onEnd }: Props) {
  const { t } = useTranslation('review');
  const list = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element follows the current case
  useEffect(() => {
    list.current
      ?.querySelector('[aria-current="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <ul
      ref={list}
      className={styles.list}
      aria-label={t('list')}
      onScroll={(event) => {
        const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
        if (scrollTop + clientHeight > scrollHeight - 400) onEnd();
      }}
    >
      {cases.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            className={styles.thumb}
            aria-current={one.id === current}
            data-settled={one.state === 'settled'}
            onClick={() => onOpen(one.id)}
            tabIndex={one.id === current ? 0 : -1}
          >
            {one.item.thumbnail_url ? (
              <img src={one.item.thumbnail_url} alt={one.item.name} loading="lazy" decoding="async" />
            ) : (
              <IconPhotoOff aria-label={one.item.name} />
            )}
            {one.state === 'settled' && (
              <IconCircleCheck size={16} className={styles.mark} aria-label={t('settled')} />
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
