import { Burger, Drawer, Kbd, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useMaybeProject } from '@/shared/hooks/useProject';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { useSurface } from './colorScheme';
import { ErrorBoundary } from './ErrorBoundary';
import { JobsBell } from './JobsBell';
import { railFor } from './navigation';
import { PersonMenu } from './PersonMenu';
import { ProjectSwitcher } from './ProjectSwitcher';
import { openPalette } from './paletteStore';
import styles from './Shell.module.css';

const UnsentWork = lazy(() =>
  import('@/features/annotate/UnsentWork').then((m) => ({ default: m.UnsentWork })),
);

function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M6 21 11 7l12 2 4 12-9 6z" fill="var(--ts-accent)" />
      <path d="m10 19 11-5" stroke="#e8b64c" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}

function Rail() {
  const { t } = useTranslation();
  const project = useMaybeProject();
  return (
    <>
      <Link to="/" className={styles.brand}>
        <Mark />
        Touchstone
      </Link>
      <ProjectSwitcher />
      {project &&
        railFor(project.role).map(({ word, to, icon: Icon }) => (
          <Link
            key={word}
            to={to}
            params={{ project: project.slug }}
            activeOptions={{ exact: false, includeSearch: false }}
            className={styles.entry}
          >
            <Icon size={18} stroke={1.6} aria-hidden="true" />
            {t(`rail.${word}`)}
          </Link>
        ))}
      <div className={styles.foot}>
        <PersonMenu />
      </div>
    </>
  );
}

/** The frame of every page but the workbench: rail, search, jobs. */
export function Shell() {
  const { t } = useTranslation();
  const [open, drawer] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useSurface('page');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes when the page changes
  useEffect(() => drawer.close(), [path]);
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        {t('shell.skip')}
      </a>
      <nav className={styles.rail} aria-label={t('shell.navigation')}>
        <Rail />
      </nav>
      <header className={styles.header}>
        <Burger
          hiddenFrom="sm"
          size="sm"
          opened={open}
          onClick={drawer.toggle}
          aria-label={t('shell.menu')}
        />
        <UnstyledButton className={styles.search} onClick={openPalette}>
          <IconSearch size={16} aria-hidden="true" />
          <span style={{ flex: 1 }}>{t('shell.search')}</span>
          <Kbd size="xs" visibleFrom="sm">
            Ctrl K
          </Kbd>
        </UnstyledButton>
        <span style={{ flex: 1 }} />
        <Suspense>
          <UnsentWork />
        </Suspense>
        <JobsBell />
      </header>
      <main id="main" className={styles.main} tabIndex={-1} style={{ outline: 'none' }}>
        <div className={styles.inner}>
          <ErrorBoundary key={path}>
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <Drawer opened={open} onClose={drawer.close} size={240} title="Touchstone" padding="xs">
        <nav aria-label={t('shell.navigation')}>
          <Rail />
        </nav>
      </Drawer>
    </div>
  );
}
