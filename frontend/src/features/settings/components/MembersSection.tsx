import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import type { Role } from '@/api/session';
import { formatDate } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUser } from '@/shared/hooks/useSession';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { issueLink, type Link, type Member, membersQuery, ROLES, removeMember, setRole } from '../queries';
import { NewAccount, OneTimeLink } from './NewAccount';

function AddMember({ project }: { project: string }) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRoleValue] = useState<Role>('annotator');
  const add = useMutation({
    mutationFn: () => setRole(project, email.trim(), role),
    onSuccess: () => {
      setEmail('');
      void client.invalidateQueries({ queryKey: ['members', project] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Group align="flex-end" gap="xs" mb="sm">
        <TextInput
          type="email"
          label={t('members.email')}
          value={email}
          error={add.error ? asProblem(add.error).fieldErrors.email : undefined}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          w={260}
        />
        <Select
          label={t('members.role')}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
          onChange={(value) => setRoleValue((value ?? role) as Role)}
          allowDeselect={false}
          w={160}
        />
        <Button type="submit" loading={add.isPending}>
          {t('members.add')}
        </Button>
      </Group>
      <FormProblem error={add.error} />
    </form>
  );
}

/** Who may do what here. */
export function MembersSection() {
  const { t } = useTranslation('settings');
  const project = useProject();
  const me = useUser();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(membersQuery(project.slug));
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['members', project.slug] });
    void client.invalidateQueries({ queryKey: ['session'] });
  };
  const change = useMutation({
    mutationFn: ({ email, role }: { email: string; role: Role }) => setRole(project.slug, email, role),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: (member: Member) => removeMember(project.slug, member.user.id),
    onSuccess: refresh,
  });
  const [making, form] = useDisclosure(false);
  const [link, setLink] = useState<Link | null>(null);
  const again = useMutation({ mutationFn: issueLink, onSuccess: setLink });
  const owns = project.role === 'owner';
  return (
    <Section
      title={t('section.members')}
      actions={
        owns && (
          <Button variant="default" leftSection={<IconUserPlus size={16} />} onClick={form.open}>
            {t('account.create')}
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t(owns ? 'members.text' : 'members.ownersOnly')}
      </Text>
      {link && <OneTimeLink link={link} onDone={() => setLink(null)} />}
      {owns && <AddMember project={project.slug} />}
      <FormProblem error={change.error ?? remove.error ?? again.error} />
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton />}
      {data && (
        <DataTable
          label={t('section.members')}
          rows={data.results}
          rowKey={(member) => member.user.id}
          columns={[
            {
              key: 'member',
              header: t('members.name'),
              sortBy: (member) => member.user.name,
              render: (member) => (
                <>
                  {member.user.name}
                  {member.user.id === me.id && (
                    <Text span size="sm" c="dimmed">
                      {` (${t('members.you')})`}
                    </Text>
                  )}
                </>
              ),
            },
            {
              key: 'email',
              header: t('members.email'),
              sortBy: (member) => member.user.email,
              render: (member) => member.user.email,
            },
            {
              key: 'role',
              header: t('members.role'),
              sortBy: (member) => member.role,
              render: (member) =>
                owns ? (
                  <Select
                    size="xs"
                    w={140}
                    aria-label={t('members.roleOf', { name: member.user.name })}
                    data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
                    value={member.role}
                    allowDeselect={false}
                    onChange={(role) =>
                      role && change.mutate({ email: member.user.email, role: role as Role })
                    }
                  />
                ) : (
                  t(`role.${member.role}`)
                ),
            },
            {
              key: 'since',
              header: t('members.since'),
              sortBy: (member) => member.created_at,
              render: (member) => formatDate(member.created_at),
            },
            ...(owns
              ? [
                  {
                    key: 'remove',
                    header: '',
                    render: (member: Member) => (
                      <Group gap={6} wrap="nowrap" justify="flex-end">
                        {(!member.has_password || me.is_operator) && member.user.id !== me.id && (
                          <Button
                            size="compact-xs"
                            variant="default"
                            loading={again.isPending && again.variables === member.user.email}
                            onClick={() => again.mutate(member.user.email)}
                          >
                            {t('account.newLink')}
                          </Button>
                        )}
                        <ConfirmButton
                          size="compact-xs"
                          question={{
                            title: t('members.removeTitle', { name: member.user.name }),
                            text: t('members.removeText'),
                            verb: t('members.remove'),
                            danger: true,
                          }}
                          onConfirm={() => remove.mutate(member)}
                        >
                          {t('members.remove')}
                        </ConfirmButton>
                      </Group>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
      {making && (
        <NewAccount
          project={project.slug}
          onClose={form.close}
          onMade={(told) => {
            form.close();
            setLink(told);
          }}
        />
      )}
    </Section>
  );
}
