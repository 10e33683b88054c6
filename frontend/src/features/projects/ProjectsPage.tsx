import { Badge, Button, Group, Modal, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import { asProblem } from '@/api/problem';
import { type Session, sessionQuery } from '@/api/session';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { useSession } from '@/shared/hooks/useSession';
import { EmptyState } from '@/shared/ui/EmptyState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { PageHeader } from '@/shared/ui/PageHeader';

interface Made {
  slug: string;
  name: string;
}

/** Who the server lets open a project: an operator, or an owner of another one. */
function mayCreate(session: Session): boolean {
  const operator = (session.user as { is_operator?: boolean } | null)?.is_operator === true;
  return operator || session.memberships.some((membership) => membership.role === 'owner');
}

function CreateProject({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('projects');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState('');
  const [key, renew] = useRequestKey();
  const make = useMutation({
    mutationFn: () =>
      http.post<Made>('/api/v1/projects', {
        body: { name: name.trim(), slug: slug.trim() },
        idempotencyKey: key,
      }),
    onError: renew,
    onSuccess: async (project) => {
      await client.refetchQueries({ queryKey: sessionQuery.queryKey });
      void navigate({ to: '/p/$project/brief', params: { project: project.slug } });
    },
  });
  const errors = make.error ? asProblem(make.error).fieldErrors : {};
  return (
    <Modal opened onClose={onClose} title={t('create')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('createText')}</Text>
          <TextInput
            label={t('name')}
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            data-autofocus
          />
          <TextInput
            label={t('slug')}
            description={t('slugHelp')}
            value={slug}
            error={errors.slug}
            onChange={(event) => setSlug(event.currentTarget.value)}
          />
          <FormProblem error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
              {t('open')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The projects that one is a member of. */
export function ProjectsPage() {
  const { t } = useTranslation('projects');
  const session = useSession();
  const [creating, form] = useDisclosure(false);
  const button = mayCreate(session) && (
    <Button leftSection={<IconPlus size={16} />} onClick={form.open}>
      {t('create')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={session.memberships.length > 0 && button}
      />
      {session.memberships.length === 0 ? (
        <EmptyState
          drawing="box"
          title={t('empty')}
          text={t(button ? 'emptyMayCreate' : 'emptyText')}
          action={button}
        />
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {session.memberships.map(({ project, role }) => (
            <Paper
              key={project.slug}
              component={Link}
              to={`/p/${project.slug}/home`}
              withBorder
              p="md"
              bg="var(--ts-surface)"
              style={{ color: 'inherit', textDecoration: 'none' }}
            >
              <Group justify="space-between" wrap="nowrap">
                <Title order={3}>{project.name}</Title>
                <Badge variant="default">{t(`role.${role}`)}</Badge>
              </Group>
              <Text size="sm" c="dimmed">
                {project.slug}
              </Text>
            </Paper>
          ))}
        </SimpleGrid>
      )}
      {creating && <CreateProject onClose={form.close} />}
    </>
  );
}
