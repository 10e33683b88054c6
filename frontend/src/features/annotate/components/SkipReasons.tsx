import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { KeyCap } from '@/shared/ui/KeyCap';
import styles from '../WorkbenchPage.module.css';

/** Frozen words: reports count them. */
export const SKIP_REASONS = [
  'bad_picture',
  'unclear_question',
  'not_my_field',
  'offensive',
  'other',
] as const;

interface Props {
  onSkip: (reason: string, stamp: number) => void;
  onCancel: () => void;
}

/** Takes the place of the classes: a digit says why, Escape goes back. */
export function SkipReasons({ onSkip, onCancel }: Props) {
  const { t } = useTranslation('annotate');
  useActions([
    ...SKIP_REASONS.map((reason, at) => ({
      id: `workbench.skip.${reason}`,
      title: t(`skip.reason.${reason}`),
      group: t('skip.title'),
      scope: 'workbench.skip',
      keys: [`Digit${at + 1}`],
      palette: false,
      perform: (_source: unknown, event?: KeyboardEvent) =>
        onSkip(reason, event?.timeStamp ?? performance.now()),
    })),
    {
      id: 'workbench.skip.cancel',
      title: t('skip.cancel'),
      group: t('skip.title'),
      scope: 'workbench.skip',
      keys: ['Escape', 'KeyX'],
      palette: false,
      perform: onCancel,
    },
  ]);
  return (
    <div className={styles.skipReasons}>
      {SKIP_REASONS.map((reason, at) => (
        <button
          key={reason}
          type="button"
          className={styles.option}
          onClick={(event) => onSkip(reason, event.timeStamp)}
        >
          <span className={styles.name}>{t(`skip.reason.${reason}`)}</span>
          <KeyCap sequence={`Digit${at + 1}`} />
        </button>
      ))}
      <button type="button" className={styles.option} onClick={onCancel}>
        <span className={styles.name}>{t('skip.cancel')}</span>
        <KeyCap sequence="Escape" />
      </button>
    </div>
  );
}
