import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { HelpSheet } from '@/actions/HelpSheet';
import { useKeyboard } from '@/actions/useActions';
import { useKeyPreferences } from '@/actions/useKeyPreferences';
import { onSessionExpired } from '@/api/http';
import { useUser } from '@/shared/hooks/useSession';
import { adoptLanguage } from './i18n';

const ReloginModal = lazy(() =>
  import('@/features/auth/ReloginModal').then((m) => ({ default: m.ReloginModal })),
);
const Palette = lazy(() => import('./Palette').then((m) => ({ default: m.Palette })));

/** Around every page of a signed-in person: keys, palette, help, and the sign-in that appears in place. */
export function SignedIn() {
  const [expired, setExpired] = useState(false);
  useKeyboard();
  useKeyPreferences();
  const { locale } = useUser();
  useEffect(() => void adoptLanguage(locale), [locale]);
  useEffect(() => onSessionExpired(() => setExpired(true)), []);
  return (
    <>
      <Outlet />
      <HelpSheet />
      <Suspense>
        <Palette />
        {expired && <ReloginModal onDone={() => setExpired(false)} />}
      </Suspense>
    </>
  );
}
