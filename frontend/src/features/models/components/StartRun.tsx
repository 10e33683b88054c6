import {
  Accordion,
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { type Recipe, recipesQuery, type Settings, schemaQuery, startRun, type VersionRow } from '../queries';
import { classesAt, levelsOf } from '../taxonomy';
import { METRICS, useRecipeName } from '../words';
import { type Protocol, ProtocolFields, protocolBody } from './ProtocolFields';
import { SettingField } from './SettingField';

interface Props {
  project: string;
  version: VersionRow;
  onClose: () => void;
}

const AS_LABELLED = 'labelled';
const LIKELY = 'small_cnn';

/** The problem of one setting among the server's sentences, which name it as `recipe.settings.epochs`. */
function settingErrors(error: unknown): Record<string, string> {
  const sentences = (error ? asProblem(error).body.errors?.settings : undefined) ?? [];
  return Object.fromEntries(
    sentences.map((sentence) => [/settings\.(\w+)/.exec(sentence)?.[1] ?? '', sentence]),
  );
}

function StartForm({ project, version, recipes, onClose }: Props & { recipes: readonly Recipe[] }) {
  const { t } = useTranslation('models');
  const client = useQueryClient();
  const navigate = useNavigate();
  const recipeName = useRecipeName(project);
  const schema = useQuery(schemaQuery(project, version.schema));
  const [key, renew] = useRequestKey();
  const [recipeKey, setRecipeKey] = useState(
    recipes.find((one) => one.key === LIKELY)?.key ?? recipes[0]?.key ?? '',
  );
  const [changed, setChanged] = useState<Settings>({});
  const [level, setLevel] = useState(AS_LABELLED);
  const [leftOut, setLeftOut] = useState<string[]>([]);
  const [metric, setMetric] = useState<string | null>(null);
  const [seed, setSeed] = useState<number | string>(0);
  const [protocol, setProtocol] = useState<Protocol>({
    kind: 'hold_out',
    folds: 5,
    repeats: 1,
    stratified: true,
    grouped: true,
  });
  const [baselines, setBaselines] = useState(true);
  const start = useMutation({
    mutationFn: () =>
      startRun(
        project,
        {
          version: version.ref,
          recipe: recipeKey,
          level: level === AS_LABELLED ? null : Number(level),
          left_out: leftOut,
          protocol: protocolBody(protocol),
          settings: changed,
          seed: Number(seed) || 0,
          metric: metric ?? '',
          with_baselines: baselines,
        },
        key,
      ),
    onError: renew,
    onSuccess: (run) => {
      for (const queryKey of [
        ['runs', project],
        ['jobs', project],
        ['looks', project],
      ]) {
        void client.invalidateQueries({ queryKey });
      }
      onClose();
      void navigate({ to: '/p/$project/models/runs/$id', params: { project, id: run.id } });
    },
  });
  const recipe = recipes.find((one) => one.key === recipeKey);
  const classes = schema.data?.document.questions.find((one) => one.key === version.question)?.classes ?? [];
  const levels = levelsOf(classes);
  const errors = settingErrors(start.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <Stack gap="sm">
        <Select
          label={t('form.recipe')}
          description={t(`recipeText.${recipeKey}`, { defaultValue: recipe?.sentence ?? '' })}
          data={recipes.map((one) => ({ value: one.key, label: recipeName(one.key) }))}
          value={recipeKey}
          allowDeselect={false}
          onChange={(value) => {
            setRecipeKey(value ?? recipeKey);
            setChanged({});
          }}
          data-autofocus
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('form.level')}
            description={t('form.levelHelp')}
            data={[
              { value: AS_LABELLED, label: t('form.levelLabelled') },
              ...Array.from({ length: levels > 1 ? levels : 0 }, (_, at) => ({
                value: String(at),
                label: t('form.levelOf', { n: at + 1, count: classesAt(classes, at).length }),
              })),
            ]}
            value={level}
            allowDeselect={false}
            onChange={(value) => {
              setLevel(value ?? AS_LABELLED);
              setLeftOut([]);
            }}
          />
          <Select
            label={t('form.metric')}
            description={t('form.metricHelp')}
            placeholder={t('form.metricDefault')}
            data={METRICS.slice(0, 3).map((one) => ({ value: one.key, label: t(`metric.${one.key}`) }))}
            value={metric}
            onChange={setMetric}
            clearable
          />
        </SimpleGrid>
        <ProtocolFields value={protocol} onChange={setProtocol} />
        {recipe && !recipe.is_baseline && (
          <Checkbox
            label={t('form.withBaselines')}
            description={t('form.withBaselinesHelp')}
            checked={baselines}
            onChange={(event) => setBaselines(event.currentTarget.checked)}
          />
        )}
        <Accordion variant="separated" chevronPosition="left">
          <Accordion.Item value="settings">
            <Accordion.Control>
              {t('form.settings', { count: Object.keys(changed).length })}
            </Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
                {recipe?.settings.map((setting) => (
                  <SettingField
                    key={setting.name}
                    setting={setting}
                    value={setting.name in changed ? changed[setting.name] : setting.default}
                    error={errors[setting.name]}
                    onChange={(value) => setChanged((before) => ({ ...before, [setting.name]: value }))}
                  />
                ))}
                <NumberInput
                  size="xs"
                  label={t('form.seed')}
                  description={t('form.seedHelp')}
                  min={0}
                  allowDecimal={false}
                  value={seed}
                  onChange={setSeed}
                />
                <MultiSelect
                  size="xs"
                  label={t('form.leftOut')}
                  description={t('form.leftOutHelp')}
                  data={classesAt(classes, level === AS_LABELLED ? null : Number(level))}
                  value={leftOut}
                  onChange={setLeftOut}
                  searchable
                  limit={40}
                />
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <FormProblem error={start.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={start.isPending}>
            {t('form.submit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The form that starts a run on a version. */
export function StartRun(props: Props) {
  const { t } = useTranslation('models');
  const { data, error, refetch } = useQuery(recipesQuery(props.project));
  return (
    <Modal opened onClose={props.onClose} title={t('form.title', { version: props.version.ref })} size="lg">
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <FigureSkeleton />}
      {data && <StartForm {...props} recipes={data.results} />}
    </Modal>
  );
}
