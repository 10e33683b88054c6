import { Button, Group, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { useClasses } from '../classes';
import { settleLabel } from '../queries';

const NONE = ' none';
const CANNOT_TELL = ' cannot tell';

/** A reviewer settles the label by judgement; it stands above any consensus and says why. */
export function CorrectLabel({
  project,
  item,
  onDone,
}: {
  project: string;
  item: string;
  onDone: () => void;
}) {
  const { t } = useTranslation('data');
  const client = useQueryClient();
  const { schema, question, pathOf } = useClasses(project);
  const [keys, setKeys] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const [idempotencyKey, renew] = useRequestKey();
  const several = question?.kind === 'multiple_choice';
  const first = keys[0];
  const answer =
    first === NONE
      ? { none: true }
      : first === CANNOT_TELL
        ? { cannot_tell: true }
        : several
          ? { choices: keys }
          : { choice: first };
  const settle = useMutation({
    mutationFn: () =>
      settleLabel(
        project,
        { schema: schema?.id ?? '', question: question?.key ?? '', items: [item], answer, reason },
        idempotencyKey,
      ),
    onError: renew,
    onSuccess: () => {
      for (const queryKey of [
        ['item', project],
        ['items', project],
        ['item-facets', project],
      ]) {
        void client.invalidateQueries({ queryKey });
      }
      onDone();
    },
  });
  const classes = (question?.classes ?? [])
    .filter((one) => one.selectable)
    .map((one) => ({ value: one.key, label: pathOf(one.key) }));
  const declined = [
    ...(question?.allow_none ? [{ value: NONE, label: t('answer.none') }] : []),
    ...(question?.allow_cannot_tell ? [{ value: CANNOT_TELL, label: t('answer.cannotTell') }] : []),
  ];
  const common = {
    label: t('correct.answer'),
    placeholder: t('correct.placeholder'),
    data: [...declined, ...classes],
    searchable: true,
    limit: 60,
    'data-autofocus': true,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        settle.mutate();
      }}
    >
      <Stack gap="xs" mb="md">
        {several ? (
          <MultiSelect
            {...common}
            value={keys}
            // "None of these" excludes every class, and the other way round.
            onChange={(next) => {
              const last = next.at(-1);
              const alone = last === NONE || last === CANNOT_TELL;
              setKeys(alone ? [last] : next.filter((one) => one !== NONE && one !== CANNOT_TELL));
            }}
          />
        ) : (
          <Select {...common} value={first ?? null} onChange={(value) => setKeys(value ? [value] : [])} />
        )}
        <TextInput
          label={t('correct.reason')}
          description={t('correct.reasonHelp')}
          value={reason}
          maxLength={2000}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormProblem error={settle.error} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onDone}>
            {t('ui.cancel')}
          </Button>
          <Button size="xs" type="submit" loading={settle.isPending} disabled={keys.length === 0}>
            {t('correct.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
