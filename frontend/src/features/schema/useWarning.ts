import { useBlocker } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { confirm } from '@/shared/ui/confirm';

const warn = (event: BeforeUnloadEvent) => event.preventDefault();

/** Nobody leaves what is being written by a slip: neither by a link nor by closing the window. */
export function useWarning(isWriting: boolean): void {
  const { t } = useTranslation('schema');
  useBlocker({
    shouldBlockFn: async ({ current, next }) =>
      current.pathname !== next.pathname &&
      !(await confirm({
        title: t('leave.title'),
        text: t('leave.text'),
        verb: t('leave.verb'),
        danger: true,
      })),
    enableBeforeUnload: false,
    disabled: !isWriting,
  });
  useEffect(() => {
    if (!isWriting) return;
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isWriting]);
}
