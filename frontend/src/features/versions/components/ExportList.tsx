import { Button, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '@/shared/format';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { type Export, exportsQuery, type Format, isBeingMade, makeExport } from '../queries';

interface RowProps {
  project: string;
  version: string;
  format: Format;
  file: Export | undefined;
}

function ExportRow({ project, version, format, file }: RowProps) {
  const { t } = useTranslation('versions');
  const client = useQueryClient();
  const [key, renew] = useRequestKey();
  const make = useMutation({
    mutationFn: () => makeExport(project, version, format.key, key),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: exportsQuery(project, version).queryKey });
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const making = file !== undefined && isBeingMade(file);
  return (
    <Table.Tr>
      <Table.Td>
        {format.title}
        <Text size="xs" c="dimmed">
          {t(format.with_content ? 'exports.withContent' : 'exports.labelsOnly')}
        </Text>
      </Table.Td>
      <Table.Td className="tabular">
        {file?.url && (
          <>
            {t('exports.size', {
              count: file.n_rows ?? 0,
              size: formatBytes(file.byte_size ?? 0),
              n: formatCount(file.n_rows ?? 0),
            })}
            <Text size="xs" c="dimmed" title={file.sha256}>
              SHA-256 {file.sha256?.slice(0, 12)}
            </Text>
          </>
        )}
        {file && !file.url && file.job && <JobProgress job={file.job} />}
        {!file && (
          <Text size="sm" c="dimmed">
            {t('exports.notMade')}
          </Text>
        )}
        <FormProblem error={make.error} />
      </Table.Td>
      <Table.Td ta="right">
        {file?.url ? (
          <Button
            component="a"
            href={file.url}
            download={file.file_name || true}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden="true" />}
            aria-label={t('exports.downloadOf', { format: format.title })}
          >
            {t('exports.download')}
          </Button>
        ) : (
          <Button
            size="xs"
            variant="default"
            loading={make.isPending}
            disabled={making}
            onClick={() => make.mutate()}
            aria-label={t('exports.makeOf', { format: format.title })}
          >
            {t('exports.make')}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Each format, the file that was made of it, or the button that makes it. */
export function ExportList({ project, version }: { project: string; version: string }) {
  const { t } = useTranslation('versions');
  const { data, error, refetch, isPending } = useQuery(exportsQuery(project, version));
  return (
    <Section title={t('exports.title')} id="exports">
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {isPending && <TableSkeleton rows={4} />}
      {data && (
        <Stack gap="xs">
          <Table.ScrollContainer minWidth={460}>
            <Table fz="sm" aria-label={t('exports.title')}>
              <Table.Tbody>
                {data.formats.map((format) => (
                  <ExportRow
                    key={format.key}
                    project={project}
                    version={version}
                    format={format}
                    file={data.exports.find((one) => one.format === format.key)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Text size="xs" c="dimmed">
            {t('exports.note')}
          </Text>
        </Stack>
      )}
    </Section>
  );
}
