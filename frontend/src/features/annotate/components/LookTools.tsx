import { Button, Popover, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBrightnessHalf, IconCrosshair } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import { isPlain, LEAST, MOST, PLAIN } from '../state/look';
import type { Stage } from '../state/stage';
import { Tool } from './TopBar';

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
      <Popover opened={opened} onChange={panel.toggle} position="right-start" trapFocus={false} withinPortal>
        <Popover.Target>
          <span>
            <Tool label={t('action.adjust')} action="adjust" onClick={panel.toggle} pressed={!isPlain(look)}>
              <IconBrightnessHalf size={18} />
            </Tool>
          </span>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="xs" w={220}>
            {(['brightness', 'contrast'] as const).map((name) => (
              <Text key={name} component="label" size="xs">
                {t(`look.${name}`)}
                <input
                  type="range"
                  min={LEAST}
                  max={MOST}
                  step={0.05}
                  value={look[name]}
                  style={{ display: 'block', width: '100%' }}
                  onChange={(event) => stage.setLook({ ...look, [name]: event.currentTarget.valueAsNumber })}
                />
              </Text>
            ))}
            <Button size="compact-xs" variant="default" onClick={reset} disabled={isPlain(look)}>
              {t('look.reset')}
            </Button>
            <Text size="xs" c="dimmed">
              {t('look.hint')}
            </Text>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      <Tool label={t('action.crosshair')} action="crosshair" onClick={toggleCrosshair} pressed={crosshair}>
        <IconCrosshair size={18} />
      </Tool>
    </>
  );
}
