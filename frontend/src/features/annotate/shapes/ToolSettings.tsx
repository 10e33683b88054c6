import { NativeSelect } from '@mantine/core';
import { lazy, Suspense, useId, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Desk } from './Desk';
import styles from './Shapes.module.css';

// Most installations have no network.
const NetworkSettings = lazy(() => import('./NetworkSettings').then((m) => ({ default: m.NetworkSettings })));

/** What the tool in hand can be told: how wide, how near, which skeleton. */
export function ToolSettings({ desk }: { desk: Desk }) {
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  const { tool, settings, template } = useSyncExternalStore(editor.subscribe, editor.snapshot);
  if (tool === 'brush' || tool === 'eraser') {
    return (
      <Slide
        label={t('setting.brushSize')}
        value={settings.brushSize}
        max={200}
        onChange={(brushSize) => editor.setSettings({ brushSize })}
      />
    );
  }
  if (tool === 'wand') {
    return (
      <Slide
        label={t('setting.tolerance')}
        value={settings.wandTolerance}
        max={128}
        onChange={(wandTolerance) => editor.setSettings({ wandTolerance })}
      />
    );
  }
  if (tool === 'keypoints' && editor.templates.size > 1) {
    return (
      <div className={styles.fields}>
        <NativeSelect
          size="xs"
          label={t('setting.template')}
          value={template ?? ''}
          data={[...editor.templates.keys()]}
          onChange={(event) => editor.setTemplate(event.currentTarget.value)}
        />
      </div>
    );
  }
  if (tool === 'smart') {
    return (
      <Suspense>
        <NetworkSettings desk={desk} />
      </Suspense>
    );
  }
  return null;
}

interface SlideProps {
  label: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}

function Slide({ label, value, max, onChange }: SlideProps) {
  const id = useId();
  return (
    <div className={styles.fields}>
      <div className={styles.setting}>
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          type="range"
          min={1}
          max={max}
          value={Math.min(value, max)}
          onChange={(event) => onChange(Number(event.currentTarget.value))}
        />
        <output htmlFor={id} className="tabular">
          {value}
        </output>
      </div>
    </div>
  );
}
