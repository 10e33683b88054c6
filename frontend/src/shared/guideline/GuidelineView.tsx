import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LazyMarkdown } from '@/shared/markdown/LazyMarkdown';
import styles from './GuidelineView.module.css';
import type { Example } from './queries';
import { WrittenExample } from './WrittenExample';

interface Props {
  instructions: string;
  examples: readonly Example[];
  /** What a class is called; an empty key stands for the question as a whole. */
  nameOf: (classKey: string) => string;
}

function ExampleFigure({ one }: { one: Example }) {
  const { t } = useTranslation('guideline');
  const good = one.kind === 'good';
  return (
    <figure className={styles.example} data-kind={one.kind} data-written={one.item.content_url !== null}>
      {one.item.content_url && <WrittenExample url={one.item.content_url} />}
      {one.item.thumbnail_url && (
        <img src={one.item.thumbnail_url} alt={one.sentence || t(`kind.${one.kind}`)} loading="lazy" />
      )}
      <figcaption>
        <Text size="xs" fw={600} component="span" className={styles.kind}>
          {good ? (
            <IconCircleCheck size={14} aria-hidden="true" />
          ) : (
            <IconCircleX size={14} aria-hidden="true" />
          )}
          {t(`kind.${one.kind}`)}
        </Text>
        {one.sentence && (
          <Text size="sm" component="span">
            {one.sentence}
          </Text>
        )}
      </figcaption>
    </figure>
  );
}

/** What is asked, in the words of whoever leads, then examples class by class. */
export function GuidelineView({ instructions, examples, nameOf }: Props) {
  const { t } = useTranslation('guideline');
  const written = instructions.trim() !== '';
  const classes = [...new Set(examples.map((one) => one.class))];
  return (
    <>
      {!written && examples.length === 0 && <Text c="dimmed">{t('none')}</Text>}
      {written && <LazyMarkdown text={instructions} />}
      {classes.map((key) => (
        <section key={key} aria-label={key ? nameOf(key) : t('whole')}>
          <Text component="h3" size="md" fw={600} mt="md" mb={4}>
            {key ? nameOf(key) : t('whole')}
          </Text>
          <div className={styles.examples}>
            {(['good', 'bad'] as const).flatMap((kind) =>
              examples
                .filter((one) => one.class === key && one.kind === kind)
                .map((one) => <ExampleFigure key={`${kind}${one.item.id}`} one={one} />),
            )}
          </div>
        </section>
      ))}
    </>
  );
}
