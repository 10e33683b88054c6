import { Button, Group, Modal, Select, Stack, TagsInput, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { enrol, KINDS, type Kind, membersQuery, type Person } from '../queries';

interface Props {
  project: string;
  people: readonly Person[];
  onClose: () => void;
}

/** Describe a member as an annotator before they have labelled. */
export function EnrolForm({ project, people, onClose }: Props) {
  const { t } = useTranslation('people');
  const client = useQueryClient();
  const members = useQuery(membersQuery(project));
  const [user, setUser] = useState<string | null>(null);
  const [kind, setKind] = useState<Kind>('staff');
  const [skills, setSkills] = useState<string[]>([]);
  const [key, renew] = useRequestKey();
  const save = useMutation({
    mutationFn: () => enrol(project, { user: user ?? '', kind, skills }, key),
    onError: renew,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['people', project] });
      onClose();
    },
  });
  const known = new Set(people.map((person) => person.user));
  const free = (members.data?.results ?? []).filter(
    (member) => member.role !== 'researcher' && !known.has(member.user.id),
  );
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  return (
    <Modal opened onClose={onClose} title={t('enrol.title')}>
      {members.error && <ErrorState small error={members.error} onRetry={members.refetch} />}
      {!members.error && !members.data && <FigureSkeleton height={160} />}
      {members.data && free.length === 0 && <Text>{t('enrol.nobody')}</Text>}
      {members.data && free.length > 0 && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack gap="sm">
            <Text size="sm">{t('enrol.text')}</Text>
            <Select
              label={t('enrol.who')}
              data={free.map((member) => ({
                value: member.user.id,
                label: `${member.user.name} (${member.user.email})`,
              }))}
              value={user}
              error={errors.user}
              onChange={setUser}
              searchable
              required
            />
            <Select
              label={t('column.kind')}
              data={KINDS.map((one) => ({ value: one, label: t(`kind.${one}`) }))}
              value={kind}
              onChange={(value) => setKind((value ?? kind) as Kind)}
              allowDeselect={false}
            />
            <TagsInput
              label={t('column.skills')}
              description={t('skillsHelp')}
              value={skills}
              error={errors.skills}
              onChange={setSkills}
            />
            <FormProblem error={save.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('ui.cancel')}
              </Button>
              <Button type="submit" loading={save.isPending} disabled={user === null}>
                {t('enrol.button')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
