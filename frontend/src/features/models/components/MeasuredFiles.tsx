import { Button, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatNumber } from '@/shared/format';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { type Said, useSaid } from '@/shared/ui/said';
import type { Estimate } from '../queries';

export interface MeasuredFile {
  format: string;
  bytes: number;
  original_bytes?: number | null;
  cpu_ms?: number | null;
  original_cpu_ms?: number | null;
  agreement?: Estimate | null;
  accuracy?: Estimate | null;
  original_accuracy?: Estimate | null;
  sentence?: string;
  said?: Said | undefined;
  download_url?: string | null;
}

function Against({ value, original }: { value: string; original?: string | null }) {
  const { t } = useTranslation('models');
  return (
    <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
      {value}
      {original && (
        <Text size="xs" c="dimmed" component="div">
          {t('exports.original', { value: original })}
        </Text>
      )}
    </span>
  );
}

/** Exported files, each held against the model it came from. */
export function MeasuredFiles({ files }: { files: readonly MeasuredFile[] }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  const ms = (value: number | null | undefined) =>
    value == null ? null : t('exports.ms', { value: formatNumber(value) });
  const canDownload = files.some((file) => file.download_url);
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label={t('exports.title')} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {(['format', 'bytes', 'cpu', 'agreement', 'accuracy'] as const).map((key) => (
              <Table.Th key={key} scope="col">
                {t(`exports.${key}`)}
              </Table.Th>
            ))}
            {canDownload && <Table.Th />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Table.Tr key={file.format}>
              <Table.Th scope="row" fw={500}>
                {t(`format.${file.format}`, { defaultValue: file.format })}
                {file.sentence && (
                  <Text size="xs" c="dimmed" fw={400} miw={220} maw={320}>
                    {tell(file.said, file.sentence)}
                  </Text>
                )}
              </Table.Th>
              <Table.Td>
                <Against
                  value={formatBytes(file.bytes)}
                  original={file.original_bytes ? formatBytes(file.original_bytes) : null}
                />
              </Table.Td>
              <Table.Td>
                <Against
                  value={ms(file.cpu_ms) ?? t('exports.notMeasured')}
                  original={ms(file.original_cpu_ms)}
                />
              </Table.Td>
              <Table.Td>
                {file.agreement ? (
                  <EstimateCell estimate={file.agreement} label={t('exports.agreement')} />
                ) : (
                  t('exports.notMeasured')
                )}
              </Table.Td>
              <Table.Td>
                {file.accuracy ? (
                  <EstimateCell
                    estimate={file.accuracy}
                    label={t('exports.accuracy')}
                    target={file.original_accuracy?.value ?? null}
                  />
                ) : (
                  t('exports.notMeasured')
                )}
              </Table.Td>
              {canDownload && (
                <Table.Td>
                  {file.download_url && (
                    <Button
                      component="a"
                      href={file.download_url}
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconDownload size={14} />}
                    >
                      {t('exports.download')}
                    </Button>
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
