import { Link, useParams } from '@tanstack/react-router';
import { type ComponentType, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '@/api/session';
import { useProject } from '@/shared/hooks/useProject';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeader } from '@/shared/ui/PageHeader';
import styles from './SettingsPage.module.css';

const EVERYBODY: readonly Role[] = ['owner', 'lead', 'reviewer', 'annotator', 'researcher'];
const READERS: readonly Role[] = ['owner', 'lead', 'reviewer', 'researcher'];
const LEADS: readonly Role[] = ['owner', 'lead'];

interface Entry {
  key: string;
  roles: readonly Role[];
  Body: ComponentType;
}

const SECTIONS: readonly Entry[] = [
  {
    key: 'schema',
    roles: EVERYBODY,
    Body: lazy(() => import('./components/SchemaSection').then((m) => ({ default: m.SchemaSection }))),
  },
  {
    key: 'members',
    roles: READERS,
    Body: lazy(() => import('./components/MembersSection').then((m) => ({ default: m.MembersSection }))),
  },
  {
    key: 'tokens',
    roles: EVERYBODY,
    Body: lazy(() => import('./components/TokensSection').then((m) => ({ default: m.TokensSection }))),
  },
  {
    key: 'storage',
    roles: LEADS,
    Body: lazy(() => import('./components/StorageSection').then((m) => ({ default: m.StorageSection }))),
  },
  {
    key: 'audit-trail',
    roles: LEADS,
    Body: lazy(() => import('./components/TrailSection').then((m) => ({ default: m.TrailSection }))),
  },
  {
    key: 'password',
    roles: EVERYBODY,
    Body: lazy(() => import('./components/PasswordSection').then((m) => ({ default: m.PasswordSection }))),
  },
  {
    key: 'preferences',
    roles: EVERYBODY,
    Body: lazy(() =>
      import('./components/PreferencesSection').then((m) => ({ default: m.PreferencesSection })),
    ),
  },
  {
    key: 'keys',
    roles: EVERYBODY,
    Body: lazy(() => import('./components/KeysSection').then((m) => ({ default: m.KeysSection }))),
  },
];

/** The project's settings, and the person's own; the section is in the address. */
export function SettingsPage() {
  const { t } = useTranslation('settings');
  const project = useProject();
  const { section = 'schema' } = useParams({ strict: false }) as { section?: string };
  const mine = SECTIONS.filter((entry) => entry.roles.includes(project.role));
  const here = mine.find((entry) => entry.key === section);
  return (
    <>
      <PageHeader title={t('title')} question={t('question')} />
      <div className={styles.layout}>
        <nav className={styles.nav} aria-label={t('title')}>
          {mine.map((entry) => (
            <Link
              key={entry.key}
              to="/p/$project/settings/$section"
              params={{ project: project.slug, section: entry.key }}
              className={styles.entry}
              aria-current={entry.key === section ? 'page' : undefined}
            >
              {t(`section.${entry.key}`)}
            </Link>
          ))}
        </nav>
        <div style={{ minWidth: 0 }}>{here ? <here.Body /> : <NotFound />}</div>
      </div>
    </>
  );
}
