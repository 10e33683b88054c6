import { Image, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '@/shared/format';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { GridSkeleton } from '@/shared/ui/Skeletons';
import { ThumbGrid } from '@/shared/ui/ThumbGrid';
import { type AuditError, auditErrorsQuery } from '../queries';

interface Props {
  project: string;
  audit: string;
  judged: number;
  nameOf: (key: string) => string;
}

/** What the model got wrong, as pictures; the surest first. */
export function Errors({ project, audit, judged, nameOf }: Props) {
  const { t } = useTranslation('audit');
  const { data, error, refetch } = useQuery(auditErrorsQuery(project, audit, judged));
  const [open, setOpen] = useState<AuditError | null>(null);
  const said = (row: AuditError) =>
    t('saidInstead', { predicted: nameOf(row.predicted), truth: nameOf(row.truth) });
  return (
    <Section title={t('errors')}>
      {error && <ErrorState error={error} onRetry={refetch} small />}
      {!data && !error && <GridSkeleton />}
      {data?.length === 0 && (
        <EmptyState drawing="box" title={t('noErrors.title')} text={t('noErrors.text')} />
      )}
      {data && data.length > 0 && (
        <ThumbGrid
          label={t('errors')}
          height={Math.min(420, 190 * Math.ceil(data.length / 6))}
          items={data.map((row) => ({
            id: row.request_id,
            src: row.thumbnail_url,
            name: said(row),
            caption: (
              <Text size="xs" component="span">
                {nameOf(row.predicted)} · {formatPercent(row.score, 0)}
                <br />
                {nameOf(row.truth)}
              </Text>
            ),
          }))}
          onOpen={(item) => setOpen(data.find((row) => row.request_id === item.id) ?? null)}
        />
      )}
      <Modal opened={open !== null} onClose={() => setOpen(null)} title={open ? said(open) : ''} size="lg">
        {open && (
          <Stack>
            <Image src={open.image_url} alt={said(open)} fit="contain" mah={480} />
            <Text size="sm">
              {t('sure', { score: formatPercent(open.score), stratum: nameOf(open.stratum) })}{' '}
              {open.inclusion_probability !== null &&
                t('drawn', { probability: formatPercent(open.inclusion_probability) })}
            </Text>
          </Stack>
        )}
      </Modal>
    </Section>
  );
}
