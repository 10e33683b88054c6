import { useDisclosure } from '@mantine/hooks';
import { IconBrightnessHalf, IconCrosshair } from '@tabler/icons-react';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import { isPlain, PLAIN } from '../state/look';
import type { Stage } from '../state/stage';
import { Tool } from './TopBar';

const LookPanel = lazy(() => import('./LookPanel').then((m) => ({ default: m.LookPanel })));

interface Props {
  stage: Stage;
  crosshair: boolean;
  setCrosshair: (on: boolean) => void;
}

/** Brightness, contrast and a crosshair: for the eye only. */
export function LookTools({ stage, crosshair, setCrosshair }: Props) {
  const { t } = useTranslation('annotate');
  const look = useSyncExternalStore(stage.subscribe, stage.look);
  const [opened, panel] = useDisclosure(false);
  const reset = () => stage.setLook(PLAIN);
  const toggleCrosshair = () => setCrosshair(!crosshair);
  const make = (id: WorkbenchKey, perform: () => void) => {
    const { scope, group, keys } = WORKBENCH_KEYS[id];
    return {
      id: `workbench.${id}`,
      title: t(`action.${id}`),
      group: t(`group.${group}`),
      scope,
      keys,
      perform,
    };
  };
  useActions([make('adjust', panel.toggle), make('resetLook', reset), make('crosshair', toggleCrosshair)]);
  return (
    <>
      <Tool label={t('action.adjust')} action="adjust" onClick={panel.toggle} pressed={!isPlain(look)}>
        <IconBrightnessHalf size={18} />
      </Tool>
      <Suspense>{opened && <LookPanel stage={stage} onClose={panel.close} />}</Suspense>
      <Tool label={t('action.crosshair')} action="crosshair" onClick={toggleCrosshair} pressed={crosshair}>
        <IconCrosshair size={18} />
      </Tool>
    </>
  );
}
