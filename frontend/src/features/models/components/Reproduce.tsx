import { ActionIcon, Code, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import type { RunDetail } from '../queries';
import { useRecipeName } from '../words';
import { Facts } from './Facts';

const show = (value: unknown) => (typeof value === 'boolean' ? String(value) : `${value ?? ''}`);

/** Everything that is needed to do the run again, and the line that does it. */
export function Reproduce({ project, run }: { project: string; run: RunDetail }) {
  const { t } = useTranslation('models');
  const recipeName = useRecipeName(project);
  const command = `python manage.py rerun ${run.id}`;
  const { protocol } = run;
  const folds =
    protocol.kind === 'k_fold' ? t('redo.folds', { folds: protocol.folds, repeats: protocol.repeats }) : '';
  const counts = (rows: Record<string, number>, word: (key: string) => string) =>
    Object.entries(rows)
      .map(([key, n]) => `${word(key)} ${formatCount(n)}`)
      .join(' · ');
  return (
    <>
      <Group gap={4} mb="sm" wrap="nowrap">
        <Code style={{ overflowX: 'auto', whiteSpace: 'nowrap' }}>{command}</Code>
        <CopyButton value={command}>
          {({ copied, copy }) => (
            <Tooltip label={t(copied ? 'redo.copied' : 'redo.copy')}>
              <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={t('redo.copy')}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </Group>
      <Facts
        rows={[
          [t('redo.version'), run.version],
          [
            t('redo.target'),
            `${run.question} · ${
              run.target.level === null
                ? t('form.levelLabelled')
                : t('form.levelN', { n: run.target.level + 1 })
            }`,
          ],
          run.target.left_out.length > 0 ? [t('form.leftOut'), run.target.left_out.join(', ')] : null,
          [t('redo.rows'), counts(run.rows, (split) => t(`split.${split}`, { defaultValue: split }))],
          Object.keys(run.left_out).length > 0
            ? [t('redo.rowsLeftOut'), counts(run.left_out, (reason) => `${reason}:`)]
            : null,
          [t('redo.recipe'), `${recipeName(run.recipe)} (${run.recipe})`],
          [
            t('redo.settings'),
            Object.keys(run.settings).length === 0
              ? t('redo.noSettings')
              : Object.entries(run.settings)
                  .map(([name, value]) => `${name} = ${show(value)}`)
                  .join(' · '),
          ],
          [t('redo.protocol'), [t(`protocol.${protocol.kind}`), folds].filter(Boolean).join(' · ')],
          [t('form.seed'), run.seed],
          [t('redo.code'), <Code key="code">{run.code_revision || t('redo.unknown')}</Code>],
          [t('redo.manifest'), <Code key="manifest">{run.manifest_sha256 || t('redo.unknown')}</Code>],
          [
            t('redo.environment'),
            Object.entries(run.environment)
              .map(([name, version]) => `${name} ${version}`)
              .join(' · '),
          ],
          [t('redo.startedBy'), run.started_by ?? t('redo.unknown')],
          run.rerun_of
            ? [
                t('redo.rerunOf'),
                <Link key="rerun" to="/p/$project/models/runs/$id" params={{ project, id: run.rerun_of }}>
                  {run.rerun_of}
                </Link>,
              ]
            : null,
        ]}
      />
      <Text size="xs" c="dimmed" mt="sm">
        {t('redo.note')}
      </Text>
    </>
  );
}
