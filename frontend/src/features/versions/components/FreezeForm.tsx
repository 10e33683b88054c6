import { Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '@/api/jobs';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { freeze, type Recipe, type SchemaRow, schemasQuery, versionQuery } from '../queries';
import { choiceOf, percentSum, type RecipeValues, recipeFrom, valuesFrom } from '../recipe';
import { FreezePreview } from './FreezePreview';
import { RecipeFields } from './RecipeFields';

interface Props {
  project: string;
  /** The version whose recipe is taken over; '' for none. */
  from: string;
  /** Proposed: the name that was used last, so that the new version follows it. */
  name: string;
  onClose: () => void;
  onStarted: (job: Job) => void;
}

/** Settings of an earlier recipe that the form does not show but that stay in force. */
function hidden(given: Recipe | null): string[] {
  if (!given) return [];
  return [
    given.conditions?.length && 'conditions',
    given.without_issues?.length && 'issues',
    given.include_unlabelled && 'unlabelled',
    given.label_depth && 'depth',
    given.exclude_classes?.length && 'excluded',
    given.weights && 'weights',
  ].filter((one) => typeof one === 'string');
}

function Form(props: Props & { schemas: readonly SchemaRow[]; given: Recipe | null }) {
  const { t, i18n } = useTranslation('versions');
  const [key, renew] = useRequestKey();
  const choices = props.schemas.flatMap((schema) =>
    schema.questions.map((question) => ({
      value: choiceOf(schema.id, question.key),
      label: t('form.questionOf', {
        title: question.title[i18n.language] ?? question.title.en ?? question.key,
        schema: schema.name,
        version: schema.version,
        count: question.n_classes,
      }),
    })),
  );
  const [values, setValues] = useState<RecipeValues>(() =>
    valuesFrom(props.given, props.name, choices[0]?.value ?? ''),
  );
  const [settled] = useDebouncedValue(values, 400);
  const start = useMutation({
    mutationFn: () => freeze(props.project, recipeFrom(values, props.given), key),
    onError: renew,
    onSuccess: props.onStarted,
  });
  const errors = start.error ? asProblem(start.error).fieldErrors : {};
  const ready = values.name.trim() !== '' && values.choice !== '' && percentSum(values.percents) === 100;
  const kept = hidden(props.given);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) start.mutate();
      }}
    >
      <Stack gap="sm">
        <RecipeFields
          project={props.project}
          choices={choices}
          values={values}
          errors={errors}
          onChange={(change) => {
            renew(); // another recipe is another intention
            setValues((before) => ({ ...before, ...change }));
          }}
        />
        {kept.length > 0 && (
          <Text size="xs" c="dimmed">
            {t('form.kept', {
              version: props.from,
              settings: kept.map((one) => t(`form.keptName.${one}`)).join(', '),
            })}
          </Text>
        )}
        <FreezePreview
          project={props.project}
          recipe={recipeFrom(settled, props.given)}
          ready={settled.name.trim() !== '' && percentSum(settled.percents) === 100}
        />
        <FormProblem error={start.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={start.isPending} disabled={!ready}>
            {t('form.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A new version: a recipe, and what it would give right now. */
export function FreezeForm(props: Props) {
  const { t } = useTranslation('versions');
  const schemas = useQuery(schemasQuery(props.project));
  const from = useQuery({ ...versionQuery(props.project, props.from), enabled: props.from !== '' });
  const error = schemas.error ?? from.error;
  if (error) {
    const retry = () => void (schemas.error ? schemas.refetch() : from.refetch());
    return <ErrorState small error={error} onRetry={retry} />;
  }
  if (!schemas.data || (props.from !== '' && !from.data)) return <FigureSkeleton />;
  if (schemas.data.results.length === 0) {
    return (
      <EmptyState
        drawing="box"
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
    );
  }
  return <Form {...props} schemas={schemas.data.results} given={from.data?.recipe ?? null} />;
}
