import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { ErrorState } from '@/shared/ui/ErrorState';

interface Props {
  title: string;
  /** What one stands for. */
  children: ReactNode;
  /** What becomes of the name. */
  nameHelp?: string;
  withReason: boolean;
  button: string;
  danger?: boolean;
  error: Error | null;
  isSending: boolean;
  onSign: (name: string, reason: string) => void;
  onClose: () => void;
}

/** A person puts a name under a decision, and says why where that is to be kept. */
export function Signature({ children, error, isSending, onSign, onClose, ...props }: Props) {
  const { t } = useTranslation('brief');
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const fields = error ? asProblem(error).fieldErrors : {};
  const ready = name.trim() !== '' && (!props.withReason || reason.trim() !== '');
  return (
    <Modal opened onClose={onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSign(name, reason);
        }}
      >
        <Stack gap="sm">
          {children}
          <TextInput
            label={t('name')}
            description={props.nameHelp}
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fields.name}
            data-autofocus
            withAsterisk
          />
          {props.withReason && (
            <Textarea
              label={t('reason')}
              value={reason}
              maxLength={5000}
              onChange={(event) => setReason(event.currentTarget.value)}
              error={fields.reason}
              autosize
              minRows={2}
              withAsterisk
            />
          )}
          {error && <ErrorState error={error} small />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              disabled={!ready}
              loading={isSending}
              color={props.danger ? 'red' : undefined}
            >
              {props.button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
