import { MantineProvider, type MantineProviderProps, mergeThemeOverrides } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { theme } from './theme';

/** The theme, with the words that its parts need: the cross of every dialog and drawer has a name. */
export function Themed(props: Omit<MantineProviderProps, 'theme'>) {
  const { t } = useTranslation();
  const close = t('ui.close');
  const spoken = useMemo(() => {
    const closes = { defaultProps: { closeButtonProps: { 'aria-label': close } } };
    return mergeThemeOverrides(theme, { components: { Modal: closes, Drawer: closes } });
  }, [close]);
  return <MantineProvider theme={spoken} {...props} />;
}
