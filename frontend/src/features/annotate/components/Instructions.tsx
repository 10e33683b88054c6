import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { GuidelineDrawer } from '@/shared/guideline/GuidelineDrawer';
import { allClasses } from '@/shared/guideline/queries';
import { workbenchQuery } from '../endpoints';

interface Props {
  text: string;
  opened: boolean;
  onClose: () => void;
}

/** What is asked, one key away; a change opens by itself, once. */
export function Instructions({ text, opened, onClose }: Props) {
  const { project = '', queue = '' } = useParams({ strict: false });
  const { i18n } = useTranslation('guideline');
  const { data } = useQuery(workbenchQuery(project, queue));
  const classes = data ? allClasses(data) : [];
  const nameOf = (key: string) => {
    const found = classes.find((one) => one.key === key);
    return found?.names?.[i18n.language] ?? found?.name ?? key;
  };
  return (
    <GuidelineDrawer
      project={project}
      queue={queue}
      opened={opened}
      onClose={onClose}
      nameOf={nameOf}
      instructions={text}
    />
  );
}
