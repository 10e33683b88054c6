import { Drawer, Modal } from '@mantine/core';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '@/test/render';

test('the cross of a dialog and of a drawer has a name', async () => {
  renderPage(
    <>
      <Modal opened onClose={() => undefined} title="A dialog" />
      <Drawer opened onClose={() => undefined} title="A drawer" />
    </>,
  );
  expect(await screen.findAllByRole('button', { name: 'Close' })).toHaveLength(2);
});
