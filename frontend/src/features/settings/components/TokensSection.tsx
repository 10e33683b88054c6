import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconCopy, IconKey, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatDate } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Light } from '@/shared/ui/Verdict';
import { revokeToken, type Token, tokensQuery } from '../queries';
import { TokenForm } from './TokenForm';

/** The text of a new token, this once. */
function Shown({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <Alert color="teal" variant="light" title={t('tokens.once')} icon={<IconKey size={18} />} mb="md">
      <Stack gap="xs">
        <Text size="sm">{t('tokens.onceText')}</Text>
        <Group gap="xs" wrap="nowrap">
          <Code style={{ overflowX: 'auto', whiteSpace: 'nowrap' }}>{token}</Code>
          <CopyButton value={token}>
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
        </Group>
        <Text size="sm">{t('tokens.use')}</Text>
        <Code
          block
        >{`curl -H "Authorization: Bearer ${token.slice(0, 12)}…" ${location.origin}/api/v1/projects`}</Code>
        <div>
          <Button size="compact-sm" onClick={onDone}>
            {t('tokens.kept')}
          </Button>
        </div>
      </Stack>
    </Alert>
  );
}

function State({ token }: { token: Token }) {
  const { t } = useTranslation('settings');
  if (token.revoked_at) return <Light tone="bad">{t('tokens.revoked')}</Light>;
  if (token.expires_at && new Date(token.expires_at) < new Date()) {
    return <Light tone="warning">{t('tokens.expired')}</Light>;
  }
  return <Light tone="good">{t('tokens.usable')}</Light>;
}

/** Keys for programs: each may do only what its scopes say, and its text is shown once. */
export function TokensSection() {
  const { t } = useTranslation('settings');
  const project = useProject();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(tokensQuery);
  const [making, form] = useDisclosure(false);
  const [shown, setShown] = useState<string | null>(null);
  const revoke = useMutation({
    mutationFn: (token: Token) => revokeToken(token.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const button = (
    <Button leftSection={<IconPlus size={16} />} onClick={form.open}>
      {t('tokens.create')}
    </Button>
  );
  return (
    <Section title={t('section.tokens')} actions={button}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('tokens.text')}
      </Text>
      {shown && <Shown token={shown} onDone={() => setShown(null)} />}
      <FormProblem error={revoke.error} />
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton rows={3} />}
      {data?.results.length === 0 && !shown && (
        <EmptyState drawing="box" title={t('tokens.empty')} text={t('tokens.emptyText')} />
      )}
      {data && data.results.length > 0 && (
        <DataTable
          label={t('section.tokens')}
          rows={data.results}
          rowKey={(token) => token.id}
          columns={[
            {
              key: 'name',
              header: t('tokens.name'),
              sortBy: (token) => token.name,
              render: (token) => (
                <>
                  {token.name} <Code>{token.prefix}…</Code>
                </>
              ),
            },
            {
              key: 'scopes',
              header: t('tokens.scopes'),
              render: (token) => token.scopes.map((scope) => t(`scope.${scope}`)).join(', '),
            },
            {
              key: 'project',
              header: t('tokens.project'),
              render: (token) => token.project ?? t('tokens.allProjects'),
            },
            {
              key: 'expires',
              header: t('tokens.expires'),
              sortBy: (token) => token.expires_at ?? null,
              render: (token) => (token.expires_at ? formatDate(token.expires_at) : t('tokens.never')),
            },
            {
              key: 'used',
              header: t('tokens.used'),
              sortBy: (token) => token.last_used_at ?? null,
              render: (token) => (token.last_used_at ? formatAgo(token.last_used_at) : t('tokens.notUsed')),
            },
            { key: 'state', header: t('tokens.state'), render: (token) => <State token={token} /> },
            {
              key: 'revoke',
              header: '',
              render: (token) =>
                !token.revoked_at && (
                  <ConfirmButton
                    size="compact-xs"
                    question={{
                      title: t('tokens.revokeTitle', { name: token.name }),
                      text: t('tokens.revokeText'),
                      verb: t('tokens.revoke'),
                      danger: true,
                    }}
                    onConfirm={() => revoke.mutate(token)}
                  >
                    {t('tokens.revoke')}
                  </ConfirmButton>
                ),
            },
          ]}
        />
      )}
      {making && (
        <TokenForm
          project={project.slug}
          onClose={form.close}
          onMade={(token) => {
            setShown(token);
            form.close();
            void client.invalidateQueries({ queryKey: ['tokens'] });
          }}
        />
      )}
    </Section>
  );
}
