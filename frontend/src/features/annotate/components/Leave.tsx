import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTip } from '@/shared/ui/useTip';

/** Out of the workbench, to the list of queues. */
export function Leave({ project }: { project: string }) {
  const { t } = useTranslation('annotate');
  const { target, tip } = useTip<HTMLAnchorElement>(t('top.leave'));
  return (
    <>
      <ActionIcon
        component={Link}
        to="/p/$project/label"
        params={{ project } as never}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('top.leave')}
        {...target}
      >
        <IconX size={18} />
      </ActionIcon>
      {tip}
    </>
  );
}
