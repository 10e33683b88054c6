import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMaybeProject } from '@/shared/hooks/useProject';
import { useSession } from '@/shared/hooks/useSession';
import styles from './Shell.module.css';

export function ProjectSwitcher() {
  const { t } = useTranslation();
  const here = useMaybeProject();
  const { memberships } = useSession();
  const navigate = useNavigate();
  return (
    <Menu width={240} position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={styles.switcher} aria-label={t('shell.switchProject')}>
          <span style={{ flex: 1, minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {here?.name ?? t('shell.chooseProject')}
            </Text>
            {here && (
              <Text size="xs" c="dimmed">
                {t(`role.${here.role}`)}
              </Text>
            )}
          </span>
          <IconSelector size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {memberships.map(({ project, role }) => (
          <Menu.Item
            key={project.slug}
            onClick={() => void navigate({ to: '/p/$project/home', params: { project: project.slug } })}
            rightSection={project.slug === here?.slug && <IconCheck size={16} />}
          >
            <Text size="sm">{project.name}</Text>
            <Text size="xs" c="dimmed">
              {t(`role.${role}`)}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/projects' })}>{t('shell.allProjects')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
