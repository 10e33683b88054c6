import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a deep teal. Index 7 fills on light ground, index 6 on dark: both carry white text. */
const teal: MantineColorsTuple = [
  '#eaf6f5',
  '#d3eae8',
  '#a5d5d1',
  '#74bfb9',
  '#4fa9a3',
  '#2f8f8a',
  '#1b7773',
  '#0f5c5c',
  '#0b4a4b',
  '#063637',
];

const gray: MantineColorsTuple = [
  '#f8f9f9',
  '#f1f3f3',
  '#e6e9e9',
  '#d5dada',
  '#bcc3c3',
  '#969f9f',
  '#6a7373',
  '#4d5555',
  '#343a3a',
  '#202525',
];

const dark: MantineColorsTuple = [
  '#d3d8d8',
  '#b4bbbb',
  '#98a1a1',
  '#6f7878',
  '#3c4444',
  '#2d3434',
  '#222828',
  '#181d1d',
  '#121616',
  '#0c0f0f',
];

export const theme = createTheme({
  colors: { teal, gray, dark },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.75rem' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.5rem' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.375rem' },
      h4: { fontSize: '0.875rem', lineHeight: '1.25rem' },
    },
  },
  // A 4 px grid.
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '2px', sm: '4px', md: '4px', lg: '6px', xl: '8px' },
  defaultRadius: 'sm',
  shadows: {
    xs: 'none',
    sm: '0 1px 2px rgb(0 0 0 / 8%)',
    md: '0 2px 8px rgb(0 0 0 / 12%)',
    lg: '0 4px 16px rgb(0 0 0 / 14%)',
    xl: '0 8px 24px rgb(0 0 0 / 16%)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: { transitionProps: { duration: 120 }, centered: true },
      styles: { title: { fontWeight: 600 } },
    },
    Drawer: { styles: { title: { fontWeight: 600 } } },
    // Without the library's placeholder for focus, which is no item: a menu has only items.
    Menu: { defaultProps: { transitionProps: { duration: 80 }, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { transitionProps: { duration: 80 } } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 80 }, withArrow: true } },
    Button: {
      defaultProps: { size: 'sm' },
      // The smallest target that a finger is promised is 24 px.
      vars: (_theme: unknown, { size }: { size?: string | number }) => ({
        root: size === 'compact-xs' ? { '--button-height': '1.5rem' } : {},
      }),
    },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
});
