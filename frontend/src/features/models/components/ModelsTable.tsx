import { Badge, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/shared/format';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { CannotCompute } from '@/shared/ui/EstimateBar';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { Light } from '@/shared/ui/Verdict';
import type { Model } from '../queries';
import { isVerdict, metricUnit, useRecipeName, VERDICT_TONE } from '../words';

const STAGE_COLOUR = { champion: 'teal', candidate: 'gray', retired: 'gray' } as const;

export function StageBadge({ stage }: { stage: Model['stage'] }) {
  const { t } = useTranslation('models');
  return (
    <Badge
      component="span"
      miw="max-content"
      color={STAGE_COLOUR[stage]}
      variant={stage === 'champion' ? 'filled' : 'outline'}
    >
      {t(`stage.${stage}`)}
    </Badge>
  );
}

export function ModelsTable({ project, models }: { project: string; models: readonly Model[] }) {
  const { t } = useTranslation('models');
  const recipeName = useRecipeName(project);
  const navigate = useNavigate();
  const columns: Column<Model>[] = [
    {
      key: 'name',
      header: t('models.name'),
      sortBy: (model) => model.name,
      render: (model) => (
        <>
          <strong style={{ fontWeight: 600, whiteSpace: 'nowrap' }}>{model.name}</strong>
          <Text size="xs" c="dimmed" component="span" style={{ display: 'block' }}>
            {t('model.made', { recipe: recipeName(model.recipe), version: model.version })}
          </Text>
        </>
      ),
    },
    {
      key: 'stage',
      header: t('models.stage'),
      sortBy: (model) => model.stage,
      render: (model) => (
        <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: '4px 8px', alignItems: 'center' }}>
          <StageBadge stage={model.stage} />
          {model.endpoints.length > 0 && (
            <Text span size="sm" c="dimmed">
              {t('path.answersAt', { endpoint: model.endpoints.join(', ') })}
            </Text>
          )}
        </span>
      ),
    },
    {
      key: 'headline',
      header: t('runs.score'),
      sortBy: (model) => model.headline?.estimate.value ?? null,
      render: (model) =>
        model.headline ? (
          <EstimateCell
            estimate={model.headline.estimate}
            unit={metricUnit(model.headline.metric)}
            label={`${t(`metric.${model.headline.metric}`)}, ${t(`split.${model.headline.split}`)}`}
          />
        ) : (
          <CannotCompute reason={t('runs.notJudged')} />
        ),
    },
    {
      key: 'modelVerdict',
      header: t('runs.verdict'),
      render: (model) =>
        isVerdict(model.verdict) && (
          <Light tone={VERDICT_TONE[model.verdict]}>{t(`verdict.${model.verdict}`)}</Light>
        ),
    },
    {
      key: 'gate',
      header: t('models.gate'),
      render: (model) => (
        <Light tone={model.gate_passed === null ? 'unknown' : model.gate_passed ? 'good' : 'bad'}>
          {t(model.gate_passed === null ? 'gate.never' : model.gate_passed ? 'gate.passed' : 'gate.failed')}
        </Light>
      ),
    },
    {
      key: 'registered',
      header: t('models.registered'),
      sortBy: (model) => model.created_at,
      render: (model) => <span style={{ whiteSpace: 'nowrap' }}>{formatAgo(model.created_at)}</span>,
    },
  ];
  return (
    <DataTable
      label={t('models.title')}
      columns={columns}
      rows={models}
      rowKey={(model) => model.id}
      onOpen={(model) => navigate({ to: '/p/$project/models/$id', params: { project, id: model.id } })}
    />
  );
}
