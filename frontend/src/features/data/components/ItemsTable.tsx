import { Checkbox, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatPercent } from '@/shared/format';
import { useQuestionHere } from '@/shared/questions/useQuestionHere';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import styles from '../data.module.css';
import { labelOf } from '../filters';
import type { Attribute, ItemCard } from '../queries';
import { useAnswerWords, useNames, useValueWords } from '../words';

interface Props {
  project: string;
  items: readonly ItemCard[];
  attributes: readonly Attribute[];
  selected: ReadonlySet<string | number>;
  onSelect: (id: string) => void;
  onOpen: (id: string) => void;
  onEnd: () => void;
}

const SHOWN_ATTRIBUTES = 4;

export function ItemsTable(props: Props) {
  const { project, items, attributes, selected, onSelect, onOpen, onEnd } = props;
  const { t } = useTranslation('data');
  const { question } = useQuestionHere(project);
  const answer = useAnswerWords(project, question?.schema ?? '', question?.question ?? '');
  const names = useNames();
  const words = useValueWords();
  const columns: Column<ItemCard>[] = [
    {
      key: 'selected',
      header: <span className="visually-hidden">{t('select.column')}</span>,
      width: 32,
      render: (one) => (
        <Checkbox
          size="xs"
          aria-label={t('select.one', { name: one.name })}
          checked={selected.has(one.sha256)}
          onChange={() => onSelect(one.sha256)}
        />
      ),
    },
    {
      key: 'picture',
      header: <span className="visually-hidden">{t('kind.image')}</span>,
      width: 44,
      render: (one) =>
        one.media.small && <img className={styles.thumb} src={one.media.small} alt="" loading="lazy" />,
    },
    {
      key: 'name',
      header: t('column.name'),
      render: (one) => (
        <Text size="sm" truncate maw={260} title={one.name}>
          {one.name.split('/').at(-1) || one.sha256.slice(0, 12)}
        </Text>
      ),
    },
    {
      key: 'label',
      header: t('column.label'),
      render: (one) => {
        const label = labelOf(one, question);
        if (!label)
          return (
            <Text size="sm" c="dimmed">
              {t('label.none')}
            </Text>
          );
        return (
          <span>
            {answer(label)}
            {label.posterior !== null && (
              <Text span size="xs" c="dimmed" ml={6}>
                {formatPercent(label.posterior)}
              </Text>
            )}
          </span>
        );
      },
    },
    { key: 'source', header: t('facet.source'), render: (one) => one.sources.join(', ') },
    ...attributes.slice(0, SHOWN_ATTRIBUTES).map(
      (attribute): Column<ItemCard> => ({
        key: `attribute ${attribute.name}`,
        header: names(attribute.name),
        render: (one) => words(one.attributes[attribute.name]),
      }),
    ),
    {
      key: 'width',
      header: names('width'),
      align: 'right',
      sortable: true,
      render: (one) => one.width ?? '',
    },
    {
      key: 'height',
      header: names('height'),
      align: 'right',
      sortable: true,
      render: (one) => one.height ?? '',
    },
    {
      key: 'byte_size',
      header: names('byte_size'),
      align: 'right',
      sortable: true,
      render: (one) => formatBytes(one.byte_size),
    },
    {
      key: 'issues',
      header: t('facet.issue'),
      render: (one) => one.issues.map((code) => t(`issue.${code}`, { defaultValue: code })).join(', '),
    },
  ];
  return (
    <div className={styles.oneLine}>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={items}
        rowKey={(one) => one.sha256}
        onOpen={(one) => onOpen(one.sha256)}
        serverSort
        maxHeight={Math.max(360, window.innerHeight - 260)}
        onEnd={onEnd}
      />
    </div>
  );
}
