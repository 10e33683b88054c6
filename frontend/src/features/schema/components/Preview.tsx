import { Badge, Group, Text } from '@mantine/core';
import { type ComponentType, type RefObject, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { formatCount } from '@/shared/format';
import { nameIn } from '../model/tree';
import { hasClasses, type SchemaClass, type SchemaQuestion } from '../model/types';
import styles from '../SchemaPage.module.css';

/** The workbench's list of classes, as the application hands it in. */
export type Panel = ComponentType<{
  index: ClassIndex;
  chosen: readonly string[];
  disabled: boolean;
  multiple: boolean;
  search: RefObject<HTMLInputElement | null>;
  onPick: (key: string, stamp: number) => void;
}>;

interface Props {
  question: SchemaQuestion;
  classes: readonly SchemaClass[];
  Panel: Panel;
}

const ignore = () => undefined;

function Limits({ question }: { question: SchemaQuestion }) {
  const { t } = useTranslation('schema');
  const said =
    question.kind === 'number'
      ? t('preview.number', {
          min: question.min ?? '−∞',
          max: question.max ?? '∞',
          step: question.step ?? t('preview.any'),
          unit: question.unit ?? '',
        })
      : t('preview.text', { n: formatCount(question.max_length ?? 2000) });
  return (
    <Text size="sm" p={12}>
      {said}
    </Text>
  );
}

/** How an annotator will meet the question: with the very panel of the workbench, only that nothing can be chosen. */
export function Preview({ question, classes, Panel }: Props) {
  const { t, i18n } = useTranslation('schema');
  const search = useRef<HTMLInputElement>(null);
  const index = useMemo(() => {
    const shown = classes
      .filter((one) => !one.retired)
      .map((one) => ({ ...one, name: one.names.en || one.key }));
    return new ClassIndex(shown, i18n.language);
  }, [classes, i18n.language]);
  return (
    <section className={styles.preview} aria-label={t('preview.title')}>
      <div className={styles.previewHead}>
        <Text size="xs" c="dimmed">
          {t('preview.title')}
        </Text>
        <Text fw={600}>{nameIn(question.title, i18n.language) || question.key}</Text>
        {nameIn(question.help, i18n.language) && (
          <Text size="sm">{nameIn(question.help, i18n.language)}</Text>
        )}
        <Group gap={6} mt={6}>
          {(question.tools ?? []).map((tool) => (
            <Badge key={tool} variant="default" tt="none" fw={500}>
              {t(`tool.${tool}`)}
            </Badge>
          ))}
          {question.allow_none && (
            <Badge variant="default" tt="none" fw={500}>
              {t('question.none')}
            </Badge>
          )}
          {question.allow_cannot_tell && (
            <Badge variant="default" tt="none" fw={500}>
              {t('question.cannotTell')}
            </Badge>
          )}
        </Group>
      </div>
      {hasClasses(question.kind) ? (
        <Panel
          index={index}
          chosen={[]}
          disabled
          multiple={question.kind === 'multiple_choice'}
          search={search}
          onPick={ignore}
        />
      ) : (
        <Limits question={question} />
      )}
    </section>
  );
}
