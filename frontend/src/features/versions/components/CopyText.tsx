import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** On plain http in a local network there is no clipboard API; the old command still works there. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused by a policy or without focus: the old way below may still do it.
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const done = document.execCommand?.('copy') ?? false;
  field.remove();
  return done;
}

const SHOWN_MS = 2000;

/** Copies the text and says whether it did. */
export function CopyText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation('versions');
  const [done, setDone] = useState<boolean | null>(null);
  useEffect(() => {
    if (done === null) return;
    const timer = setTimeout(() => setDone(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const Icon = done ? IconCheck : IconCopy;
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={label}
      leftSection={<Icon size={14} aria-hidden="true" />}
      onClick={() => void copy(text).then(setDone)}
    >
      <span aria-live="polite">
        {done === null ? t('copy.do') : done ? t('copy.done') : t('copy.failed')}
      </span>
    </Button>
  );
}
