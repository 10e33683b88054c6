import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './app/global.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { paintFirstScheme } from './app/colorScheme';
import { startI18n } from './app/i18n';
import { allowStylesWithNonce } from './app/nonce';

allowStylesWithNonce();
paintFirstScheme();

async function start() {
  await startI18n();
  const root = document.getElementById('root');
  if (root) createRoot(root).render(<App />);
}

void start();
