import {
  type MantineColorScheme,
  type MantineColorSchemeManager,
  useMantineColorScheme,
} from '@mantine/core';
import { useEffect } from 'react';

/** The workbench is dark unless asked otherwise, everything else light: two remembered choices. */
export type Surface = 'page' | 'workbench';

const DEFAULTS: Record<Surface, MantineColorScheme> = { page: 'light', workbench: 'dark' };
let surface: Surface = 'page';

const storeKey = (of: Surface) => `touchstone.scheme.${of}`;

export function rememberedScheme(of: Surface = surface): MantineColorScheme {
  const value = localStorage.getItem(storeKey(of));
  return value === 'light' || value === 'dark' || value === 'auto' ? value : DEFAULTS[of];
}

/** Remembers a choice for a surface that is not shown now. */
export function rememberScheme(of: Surface, value: MantineColorScheme): void {
  localStorage.setItem(storeKey(of), value);
}

export const colorSchemeManager: MantineColorSchemeManager = {
  get: () => rememberedScheme(),
  set: (value) => localStorage.setItem(storeKey(surface), value),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => localStorage.removeItem(storeKey(surface)),
};

/** Paints the right background before React runs; an inline script would break the security policy. */
export function paintFirstScheme(): void {
  const scheme = rememberedScheme();
  const dark = scheme === 'dark' || (scheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}

/** While the calling page is shown, its surface's own colour scheme is used. */
export function useSurface(of: Surface): void {
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    const before = surface;
    surface = of;
    setColorScheme(rememberedScheme(of));
    return () => {
      surface = before;
      setColorScheme(rememberedScheme(before));
    };
  }, [of, setColorScheme]);
}
