import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { I18nextProvider } from 'react-i18next';
import { colorSchemeManager } from './colorScheme';
import { ErrorBoundary } from './ErrorBoundary';
import { i18n } from './i18n';
import { styleNonce } from './nonce';
import { queryClient } from './queryClient';
import { router } from './router';
import { Themed } from './Themed';

const Overlays = lazy(() => import('./Overlays').then((m) => ({ default: m.Overlays })));

export function App() {
  return (
    <I18nextProvider i18n={i18n}>
      <Themed defaultColorScheme="light" colorSchemeManager={colorSchemeManager} getStyleNonce={styleNonce}>
        <QueryClientProvider client={queryClient}>
          <ErrorBoundary>
            <RouterProvider router={router} />
            <Suspense>
              <Overlays />
            </Suspense>
          </ErrorBoundary>
        </QueryClientProvider>
      </Themed>
    </I18nextProvider>
  );
}
