import { Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import {
  IconPackage,
  IconPhoto,
  IconPlayerPlay,
  IconScale,
  IconSearch,
  IconTag,
  IconTopologyStar3,
  IconUser,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRegisteredActions } from '@/actions/useActions';
import { useMaybeProject } from '@/shared/hooks/useProject';
import { useSession } from '@/shared/hooks/useSession';
import { projectLink } from '@/shared/projectLink';
import { railFor } from './navigation';
import { type Hit, usePaletteSearch } from './paletteSearch';
import { paletteStore } from './paletteStore';

/** In the order in which they are shown. */
const KINDS: Record<Hit['kind'], typeof IconTag> = {
  item: IconPhoto,
  version: IconPackage,
  model: IconTopologyStar3,
  run: IconPlayerPlay,
  queue: IconTag,
  audit: IconScale,
  person: IconUser,
};

/** Ctrl+K: pages, projects and actions at once, and whatever in the project has the letters that are typed. */
export function Palette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const project = useMaybeProject();
  const { memberships } = useSession();
  const registered = useRegisteredActions();
  const [typed, setTyped] = useState('');
  const { hits, text, searching } = usePaletteSearch(project?.slug, typed);

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
  const found = (kind: Hit['kind']): SpotlightActionData[] => {
    const Icon = KINDS[kind];
    return hits
      .filter((hit) => hit.kind === kind)
      .map((hit, at) => ({
        id: `${kind}.${hit.link}.${at}`,
        label: hit.title,
        description: hit.detail,
        // The server has matched them, perhaps by something that is not shown; they stay while the letters do.
        keywords: text,
        leftSection: <Icon size={18} stroke={1.6} />,
        onClick: () => project && void navigate(projectLink(project.slug, hit.link)),
      }));
  };

  return (
    <Spotlight
      store={paletteStore}
      shortcut="mod + K"
      query={typed}
      onQueryChange={setTyped}
      nothingFound={t(searching ? 'ui.loading' : 'palette.nothing')}
      highlightQuery
      centered={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      scrollable
      // What scrolls can be scrolled without a mouse, too.
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      maxHeight={420}
      limit={60}
      transitionProps={{ duration: 80 }}
      searchProps={{ leftSection: <IconSearch size={18} />, placeholder: t('palette.placeholder') }}
      actions={[
        { group: t('palette.actions'), actions },
        { group: t('palette.pages'), actions: pages },
        { group: t('palette.projects'), actions: others },
        ...(Object.keys(KINDS) as Hit['kind'][]).map((kind) => ({
          group: t(`palette.kind.${kind}`),
          actions: found(kind),
        })),
      ].filter((group) => group.actions.length > 0)}
    />
  );
}
