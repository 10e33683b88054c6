import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRegisteredActions } from '@/actions/useActions';
import { useMaybeProject } from '@/shared/hooks/useProject';
import { useSession } from '@/shared/hooks/useSession';
import { railFor } from './navigation';
import { paletteStore } from './paletteStore';

/** Ctrl+K: every page of the project, every other project, and every action that is registered now. */
export function Palette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const project = useMaybeProject();
  const { memberships } = useSession();
  const registered = useRegisteredActions();

  const pages: SpotlightActionData[] = project
    ? railFor(project.role).map(({ word, to, icon: Icon }) => ({
        id: `page.${word}`,
        label: t(`rail.${word}`),
        leftSection: <Icon size={18} stroke={1.6} />,
        onClick: () => void navigate({ to, params: { project: project.slug } }),
      }))
    : [];
  const others: SpotlightActionData[] = memberships
    .filter((m) => m.project.slug !== project?.slug)
    .map((m) => ({
      id: `project.${m.project.slug}`,
      label: m.project.name,
      onClick: () => void navigate({ to: '/p/$project/home', params: { project: m.project.slug } }),
    }));
  const actions: SpotlightActionData[] = registered
    .filter((action) => action.palette !== false && action.isEnabled?.() !== false)
    .map((action) => ({
      id: action.id,
      label: action.title,
      ...(action.description ? { description: action.description } : {}),
      ...(action.keywords ? { keywords: action.keywords } : {}),
      onClick: () => action.perform('palette'),
    }));

  return (
    <Spotlight
      store={paletteStore}
      shortcut="mod + K"
      nothingFound={t('palette.nothing')}
      highlightQuery
      centered={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      scrollable
      maxHeight={420}
      limit={40}
      transitionProps={{ duration: 80 }}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: t('palette.placeholder') }}
      actions={[
        { group: t('palette.actions'), actions },
        { group: t('palette.pages'), actions: pages },
        { group: t('palette.projects'), actions: others },
      ].filter((group) => group.actions.length > 0)}
    />
  );
}
