import { useState } from 'react';
import { savePreferences } from '@/api/session';
import { useSession } from '@/shared/hooks/useSession';

/** Whether lines follow the pointer: kept for the person, in every browser. */
export function useCrosshair(): [boolean, (on: boolean) => void] {
  const { preferences } = useSession();
  const [on, setOn] = useState(preferences.crosshair === true);
  const set = (next: boolean) => {
    setOn(next);
    // It holds here all the same when the server cannot be reached.
    savePreferences({ preferences: { crosshair: next } }).catch(() => undefined);
  };
  return [on, set];
}
