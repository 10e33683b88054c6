import { SegmentedControl, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { type Attribute, attributesQuery, defineAttribute, type Known } from '../queries';

const KNOWN: readonly Known[] = ['yes', 'no', 'unknown'];

/** Columns of the items, and the one question that keeps a model honest: is it there when the model must predict? */
export function AttributesTable({ project, canEdit }: { project: string; canEdit: boolean }) {
  const { t } = useTranslation('data');
  const client = useQueryClient();
  const query = attributesQuery(project);
  const { data, error, refetch } = useQuery(query);
  const define = useMutation({
    mutationFn: (change: Partial<Attribute> & { name: string }) => defineAttribute(project, change),
    onSuccess: (rows) => client.setQueryData(query.queryKey, rows),
  });
  const undecided = data?.filter((one) => one.known_at_prediction === 'unknown').map((one) => one.name) ?? [];
  const known = (one: Attribute) => {
    const change = define.isPending && define.variables.name === one.name ? define.variables : one;
    return change.known_at_prediction ?? one.known_at_prediction;
  };
  const columns: Column<Attribute>[] = [
    {
      key: 'name',
      header: t('column.name'),
      sortBy: (one) => one.name,
      render: (one) => <strong>{one.name}</strong>,
    },
    {
      key: 'type',
      header: t('item.type'),
      render: (one) => t(`type.${one.type}`) + (one.unit ? ` (${one.unit})` : ''),
    },
    {
      key: 'known',
      header: <InfoTip text={t('attributes.knownHelp')}>{t('attributes.known')}</InfoTip>,
      render: (one) =>
        canEdit ? (
          <SegmentedControl
            size="xs"
            aria-label={t('attributes.knownOf', { name: one.name })}
            value={known(one)}
            onChange={(value) => define.mutate({ name: one.name, known_at_prediction: value as Known })}
            data={KNOWN.map((value) => ({ value, label: t(`known.${value}`) }))}
          />
        ) : (
          t(`known.${one.known_at_prediction}`)
        ),
    },
    ...(data?.some((one) => one.description !== '')
      ? [{ key: 'description', header: t('column.description'), render: (one: Attribute) => one.description }]
      : []),
  ];
  return (
    <Section id="attributes" title={t('attributes.title')}>
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton rows={3} />}
      {data?.length === 0 && <Text c="dimmed">{t('attributes.empty')}</Text>}
      {data && data.length > 0 && (
        <>
          <Verdict tone={undecided.length > 0 ? 'warning' : 'good'}>
            {undecided.length > 0
              ? t('attributes.undecided', {
                  count: undecided.length,
                  names: undecided.slice(0, 5).join(', '),
                })
              : t('attributes.decided')}
          </Verdict>
          <FormProblem error={define.error} />
          <DataTable label={t('attributes.title')} columns={columns} rows={data} rowKey={(one) => one.name} />
        </>
      )}
    </Section>
  );
}
