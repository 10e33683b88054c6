import { Link } from '@tanstack/react-router';
import styles from './PageTabs.module.css';

interface Tab {
  to:
    | '/p/$project/data'
    | '/p/$project/data/import'
    | '/p/$project/data/understand'
    | '/p/$project/data/represent';
  label: string;
}

/** Pages that belong together, as links under the title. */
export function PageTabs({ label, project, tabs }: { label: string; project: string; tabs: readonly Tab[] }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          params={{ project }}
          className={styles.tab}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
