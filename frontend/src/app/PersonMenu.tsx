import { Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSettings,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { openHelp } from '@/actions/helpStore';
import { savePreferences } from '@/api/session';
import { useMaybeProject } from '@/shared/hooks/useProject';
import { useUser } from '@/shared/hooks/useSession';
import { isLanguage, LANGUAGES, setLanguage } from './i18n';
import styles from './Shell.module.css';
import { useSignOut } from './useSignOut';

export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const user = useUser();
  const project = useMaybeProject();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const handleLanguage = (code: string) => {
    if (!isLanguage(code)) return;
    void setLanguage(code);
    savePreferences({ locale: code }).catch(() => undefined);
  };
  const dark = colorScheme === 'dark';
  return (
    <Menu width={224} position="top-start">
      <Menu.Target>
        <UnstyledButton className={styles.entry} style={{ width: '100%' }} aria-label={t('shell.person')}>
          <IconUserCircle size={18} stroke={1.6} aria-hidden="true" />
          <Text size="sm" truncate>
            {user.name || user.email}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item
          leftSection={dark ? <IconSun size={16} /> : <IconMoon size={16} />}
          onClick={() => setColorScheme(dark ? 'light' : 'dark')}
        >
          {dark ? t('shell.light') : t('shell.dark')}
        </Menu.Item>
        {Object.entries(LANGUAGES)
          .filter(([code]) => code !== i18n.language)
          .map(([code, name]) => (
            <Menu.Item
              key={code}
              lang={code}
              leftSection={<IconLanguage size={16} />}
              onClick={() => handleLanguage(code)}
            >
              {name}
            </Menu.Item>
          ))}
        {project && (
          <Menu.Item
            component={Link}
            to="/p/$project/settings/$section"
            params={{ project: project.slug, section: 'tokens' } as never}
            leftSection={<IconSettings size={16} />}
          >
            {t('shell.mine')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openHelp}>
          {t('shell.keys')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
