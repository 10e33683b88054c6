import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';

/** Dialogs and messages that any page may raise; loaded after the first picture. */
export function Overlays() {
  return (
    <ModalsProvider>
      <Notifications position="bottom-right" limit={4} />
    </ModalsProvider>
  );
}
