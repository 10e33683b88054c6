import { ActionIcon, Text } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowRight,
  IconBook,
  IconFlag,
  IconFlagFilled,
  IconKeyboard,
  IconLayoutGrid,
  IconMessage,
  IconPlayerSkipForward,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { openHelp } from '@/actions/helpStore';
import type { WorkbenchKey } from '@/actions/workbenchKeys';
import { formatCount } from '@/shared/format';
import { KeyCap } from '@/shared/ui/KeyCap';
import { useTip } from '@/shared/ui/useTip';
import type { Snapshot } from '../state/snapshot';
import styles from '../WorkbenchPage.module.css';
import { KeyOf } from './KeyOf';
import { Leave } from './Leave';

interface ToolProps {
  label: string;
  /** Its key is shown, as the person has it. */
  action?: WorkbenchKey;
  /** Or a key that is always the same. */
  sequence?: string;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
  size?: number | 'lg';
  /** Left out where there is no keyboard and no room. */
  wideOnly?: boolean;
  children: ReactNode;
}

export function Tool({
  label,
  action,
  sequence,
  onClick,
  disabled = false,
  pressed,
  size = 'lg',
  wideOnly = false,
  children,
}: ToolProps) {
  const { target, tip } = useTip<HTMLButtonElement>(
    <span>
      {label} {action && <KeyOf action={action} />}
      {sequence && <KeyCap sequence={sequence} />}
    </span>,
  );
  return (
    <>
      <ActionIcon
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'teal' : 'gray'}
        size={size}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        {...(wideOnly ? { visibleFrom: 'sm' as const } : {})}
        onClick={onClick}
        {...target}
      >
        {children}
      </ActionIcon>
      {tip}
    </>
  );
}

interface Props {
  project: string;
  queueName: string;
  snapshot: Snapshot;
  skipping: boolean;
  commenting: boolean;
  on: {
    previous: () => void;
    next: () => void;
    flag: () => void;
    comment: () => void;
    skip: () => void;
    instructions: () => void;
    grid: (() => void) | null;
  };
}

export function TopBar({ project, queueName, snapshot, skipping, commenting, on }: Props) {
  const { t } = useTranslation('annotate');
  const { current, back, remaining, draft, state } = snapshot;
  const position =
    back > 0
      ? t('top.back', { count: back })
      : // What is left for others is no matter of whom there is nothing left for.
        remaining === null || state === 'empty'
        ? ''
        : t('top.left', { left: formatCount(remaining) });
  return (
    <header className={styles.top}>
      <Leave project={project} />
      <Text fw={600} truncate component="h1" size="md">
        {queueName}
      </Text>
      <Text size="sm" c="dimmed" className="tabular" visibleFrom="sm">
        {position}
      </Text>
      <Text size="sm" c="dimmed" truncate visibleFrom="md" ml="md">
        {current?.item.name}
      </Text>
      <span style={{ flex: 1 }} />
      <Tool
        label={t('action.previous')}
        action="previous"
        onClick={on.previous}
        disabled={!snapshot.canGoBack}
      >
        <IconArrowLeft size={18} />
      </Tool>
      <Tool label={t('action.next')} action="next" onClick={on.next} disabled={back === 0} wideOnly>
        <IconArrowRight size={18} />
      </Tool>
      <Tool
        label={t('action.flag')}
        action="flag"
        onClick={on.flag}
        disabled={!current}
        pressed={draft.flagged}
      >
        {draft.flagged ? <IconFlagFilled size={18} /> : <IconFlag size={18} />}
      </Tool>
      <Tool
        label={t('action.comment')}
        action="comment"
        onClick={on.comment}
        disabled={!current}
        pressed={commenting || draft.comment !== ''}
      >
        <IconMessage size={18} />
      </Tool>
      <Tool label={t('action.skip')} action="skip" onClick={on.skip} disabled={!current} pressed={skipping}>
        <IconPlayerSkipForward size={18} />
      </Tool>
      {on.grid && (
        <Tool label={t('action.grid')} action="grid" onClick={on.grid}>
          <IconLayoutGrid size={18} />
        </Tool>
      )}
      <Tool label={t('action.instructions')} action="instructions" onClick={on.instructions}>
        <IconBook size={18} />
      </Tool>
      <Tool label={t('action.keys')} sequence="key:?" onClick={openHelp} wideOnly>
        <IconKeyboard size={18} />
      </Tool>
    </header>
  );
}
