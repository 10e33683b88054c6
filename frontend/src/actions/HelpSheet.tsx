import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { isHelpOpen, onHelp, openHelp } from './helpStore';
import { useActions } from './useActions';

const HelpDialog = lazy(() => import('./HelpDialog').then((m) => ({ default: m.HelpDialog })));

/** `?` shows every key that works here and now; the dialog is fetched when somebody asks for the first time. */
export function HelpSheet() {
  const { t } = useTranslation();
  const open = useSyncExternalStore(onHelp, isHelpOpen);
  const [wanted, setWanted] = useState(false);
  useEffect(() => setWanted((before) => before || open), [open]);
  useActions([
    {
      id: 'help',
      title: t('help.title'),
      scope: 'global',
      group: t('help.everywhere'),
      keys: ['key:?'],
      perform: openHelp,
    },
  ]);
  return <Suspense>{wanted && <HelpDialog open={open} />}</Suspense>;
}
