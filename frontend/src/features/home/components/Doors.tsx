import { Modal } from '@mantine/core';
import { IconActivity, IconBrandPython, IconTag } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { myWorkQuery, type VersionGlance } from '../queries';
import styles from './Doors.module.css';
import { LoadLine } from './LoadLine';

function Words({ icon, title, text }: { icon: ReactNode; title: string; text: string }) {
  return (
    <>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <span className={styles.words}>
        <strong>{title}</strong>
        <span>{text}</span>
      </span>
    </>
  );
}

/** Three ways in for somebody who has just come, as far as the role allows them. */
export function Doors({ newest }: { newest: VersionGlance | undefined }) {
  const { t } = useTranslation('home');
  const project = useProject();
  const [asksForCode, setAsksForCode] = useState(false);
  const labels = project.role !== 'researcher';
  const reads = project.role !== 'annotator';
  const work = useQuery({ ...myWorkQuery(project.slug), enabled: labels });
  const open = (work.data?.queues ?? []).filter((one) => one.state === 'open' && one.remaining > 0);
  const queue = open.find((one) => one.purpose === 'labeling') ?? open[0];
  const label = <Words icon={<IconTag />} title={t('door.label')} text={t('door.labelText')} />;
  return (
    <nav className={styles.doors} aria-label={t('door.title')}>
      {labels &&
        (queue ? (
          <Link
            className={styles.door}
            to="/p/$project/label/$queue"
            params={{ project: project.slug, queue: queue.id } as never}
          >
            {label}
          </Link>
        ) : (
          <Link className={styles.door} to="/p/$project/label" params={{ project: project.slug } as never}>
            {label}
          </Link>
        ))}
      {reads && (
        <Link className={styles.door} to="/p/$project/production" params={{ project: project.slug } as never}>
          <Words icon={<IconActivity />} title={t('door.audit')} text={t('door.auditText')} />
        </Link>
      )}
      {reads && (
        <button type="button" className={styles.door} onClick={() => setAsksForCode(true)}>
          <Words icon={<IconBrandPython />} title={t('door.load')} text={t('door.loadText')} />
        </button>
      )}
      <Modal opened={asksForCode} onClose={() => setAsksForCode(false)} title={t('door.load')} size="lg">
        <LoadLine version={newest} />
      </Modal>
    </nav>
  );
}
