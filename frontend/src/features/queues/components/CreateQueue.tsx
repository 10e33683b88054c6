import { Button, Divider, Group, Modal, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { createQueue, type SchemaRow, type Selection, schemasQuery } from '../queries';
import { firstOf, isCounted, QuestionFields } from './QuestionFields';
import { QueueFields, type QueueValues } from './QueueFields';
import { SelectionFields, said } from './SelectionFields';

interface Props {
  project: string;
  /** Taken over from the explorer. */
  selection: Selection;
  onClose: () => void;
}

const EMPTY: QueueValues = {
  name: '',
  kinds: [],
  skills: [],
  redundancy: 3,
  gold_share: 0,
  auto_submit: true,
  instructions: '',
  skip_to: 'others',
  stop_at: null,
  stop_min: 2,
  gold_misses: null,
  day_limit: null,
  person_limit: null,
  share_limit: null,
};

function CreateForm({
  project,
  selection: given,
  schemas,
  onClose,
}: Props & { schemas: readonly SchemaRow[] }) {
  const { t } = useTranslation('queues');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [key, renew] = useRequestKey();
  const [values, setValues] = useState<QueueValues>(EMPTY);
  const [selection, setSelection] = useState<Selection>(given);
  const [schema, setSchema] = useState(schemas[0]);
  const [questions, setQuestions] = useState(firstOf(schemas[0]));
  const counted = isCounted(schema, questions);
  const create = useMutation({
    mutationFn: () => {
      const rules = counted ? {} : { gold_share: 0, stop_at: null, gold_misses: null };
      const asked = { schema: schema?.id ?? '', questions, purpose: 'labeling' as const };
      return createQueue(project, { ...values, ...rules, ...asked, selection: said(selection) }, key);
    },
    onError: renew,
    onSuccess: ({ queue }) => {
      void client.invalidateQueries({ queryKey: ['queues', project] });
      void client.invalidateQueries({ queryKey: ['jobs', project] });
      onClose();
      void navigate({ to: '/p/$project/label/$queue/overview', params: { project, queue: queue.id } });
    },
  });
  const errors = create.error ? asProblem(create.error).fieldErrors : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack gap="sm">
        <QuestionFields
          schemas={schemas}
          schema={schema}
          questions={questions}
          error={errors.questions ?? errors.question ?? errors.schema}
          onSchema={(next) => {
            setSchema(next);
            setQuestions(firstOf(next));
          }}
          onQuestions={setQuestions}
        />
        <QueueFields
          counted={counted}
          value={values}
          errors={errors}
          onChange={(change) => setValues((before) => ({ ...before, ...change }))}
        />
        <Divider label={t('select.title')} labelPosition="left" />
        <SelectionFields project={project} value={selection} onChange={setSelection} />
        <FormProblem error={create.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button
            type="submit"
            loading={create.isPending}
            disabled={values.name.trim() === '' || questions.length === 0}
          >
            {t('form.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A new queue: a question, how it is worked, and which items. */
export function CreateQueue(props: Props) {
  const { t } = useTranslation('queues');
  const { data, error, refetch } = useQuery(schemasQuery(props.project));
  return (
    <Modal opened onClose={props.onClose} title={t('form.title')} size="lg">
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <FigureSkeleton />}
      {data?.results.length === 0 && (
        <EmptyState
          drawing="queue"
          title={t('form.noSchema')}
          text={t('form.noSchemaText')}
          action={
            <Button
              component={Link}
              to="/p/$project/settings/$section"
              params={{ project: props.project, section: 'schema' } as never}
            >
              {t('form.toSchema')}
            </Button>
          }
        />
      )}
      {data && data.results.length > 0 && <CreateForm {...props} schemas={data.results} />}
    </Modal>
  );
}
