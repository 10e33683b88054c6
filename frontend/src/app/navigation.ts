import {
  IconActivity,
  IconChecks,
  IconClipboardText,
  IconHome,
  IconPackage,
  IconPhoto,
  IconSettings,
  IconTag,
  IconTopologyStar3,
  IconUsers,
} from '@tabler/icons-react';
import type { Role } from '@/api/session';

const ALL: readonly Role[] = ['owner', 'lead', 'reviewer', 'annotator', 'researcher'];
const LEADS: readonly Role[] = ['owner', 'lead'];

/** The rail, top to bottom. `word` is a key under `rail` of the common words. */
export const RAIL = [
  { word: 'home', to: '/p/$project/home', icon: IconHome, roles: ALL },
  { word: 'brief', to: '/p/$project/brief', icon: IconClipboardText, roles: [...LEADS, 'researcher'] },
  { word: 'data', to: '/p/$project/data', icon: IconPhoto, roles: [...LEADS, 'researcher'] },
  { word: 'label', to: '/p/$project/label', icon: IconTag, roles: [...LEADS, 'reviewer', 'annotator'] },
  { word: 'review', to: '/p/$project/review', icon: IconChecks, roles: [...LEADS, 'reviewer'] },
  { word: 'people', to: '/p/$project/people', icon: IconUsers, roles: [...LEADS, 'reviewer'] },
  { word: 'versions', to: '/p/$project/versions', icon: IconPackage, roles: [...LEADS, 'researcher'] },
  { word: 'models', to: '/p/$project/models', icon: IconTopologyStar3, roles: [...LEADS, 'researcher'] },
  { word: 'production', to: '/p/$project/production', icon: IconActivity, roles: [...LEADS, 'researcher'] },
  { word: 'settings', to: '/p/$project/settings', icon: IconSettings, roles: LEADS },
] as const satisfies readonly { word: string; to: string; icon: unknown; roles: readonly Role[] }[];

export function railFor(role: Role) {
  return RAIL.filter((entry) => (entry.roles as readonly Role[]).includes(role));
}
