import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  PasswordInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { Role } from '@/api/session';
import { formatDateTime } from '@/shared/format';
import { FormProblem } from '@/shared/ui/FormProblem';
import { createAccount, type Link, ROLES } from '../queries';

/** The link by which somebody chooses a password, this once. */
export function OneTimeLink({ link, onDone }: { link: Link; onDone: () => void }) {
  const { t } = useTranslation('settings');
  const address = `${location.origin}${link.path}`;
  return (
    <Alert color="teal" variant="light" title={t('account.link')} mb="md">
      <Stack gap="xs">
        <Text size="sm">{t('account.linkText', { until: formatDateTime(link.expires_at) })}</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {address}
        </Code>
        <Group gap="xs">
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                onClick={copy}
              >
                {t(copied ? 'tokens.copied' : 'tokens.copy')}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" onClick={onDone}>
            {t('account.sent')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

interface Props {
  project: string;
  onClose: () => void;
  /** link: null when a first password was given. */
  onMade: (link: Link | null) => void;
}

/** An account for somebody, put into this project: nobody can sign up alone. */
export function NewAccount({ project, onClose, onMade }: Props) {
  const { t, i18n } = useTranslation('settings');
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('annotator');
  const [way, setWay] = useState('link');
  const [password, setPassword] = useState('');
  const make = useMutation({
    mutationFn: () =>
      createAccount({
        email: email.trim(),
        name: name.trim(),
        project,
        role,
        locale: i18n.language === 'ko' ? 'ko' : 'en',
        password: way === 'password' ? password : null,
      }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['members', project] });
      onMade(made.link);
    },
  });
  const fields = make.error ? asProblem(make.error).fieldErrors : {};
  return (
    <Modal opened onClose={onClose} title={t('account.create')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('members.name')}
            value={name}
            error={fields.name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={120}
            data-autofocus
          />
          <TextInput
            type="email"
            label={t('members.email')}
            value={email}
            error={fields.email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            required
          />
          <Select
            label={t('members.role')}
            data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            value={role}
            onChange={(value) => setRole((value ?? role) as Role)}
            allowDeselect={false}
          />
          <SegmentedControl
            aria-label={t('account.way')}
            data={[
              { value: 'link', label: t('account.byLink') },
              { value: 'password', label: t('account.byPassword') },
            ]}
            value={way}
            onChange={setWay}
          />
          {way === 'password' ? (
            <PasswordInput
              label={t('account.password')}
              description={t('account.passwordText')}
              autoComplete="new-password"
              value={password}
              error={fields.password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              required
            />
          ) : (
            <Text size="sm" c="dimmed">
              {t('account.byLinkText')}
            </Text>
          )}
          {Object.keys(fields).length === 0 && <FormProblem error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t('account.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
