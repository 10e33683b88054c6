import { Button, Code, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { asProblem, type Problem } from '@/api/problem';
import { TONE_ICONS } from './tone';

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** In a section instead of a page. */
  small?: boolean;
}

/**
 * The words for a problem: by its frozen code first, then by its status, then the server's own. The server's sentences
 * are English: on pages in another language the page says by the code what is the matter and what to do, and the
 * server's sentence follows it, since only that one names the thing.
 */
export function useProblemWords(): (problem: Problem) => { title: string; text: string } {
  const { t, i18n } = useTranslation();
  return (problem) => {
    const keys = [`problem.${problem.code}`, `problem.status-${problem.status}`];
    const key = keys.find((k) => i18n.exists(`${k}.title`));
    const detail = problem.body.detail;
    const refusal = `refusal.${problem.code}`;
    if (i18n.language !== 'en' && i18n.exists(`${refusal}.title`)) {
      const told = t(`${refusal}.text`);
      return {
        title: t(`${refusal}.title`),
        text: detail ? t('refusal.with', { told, detail }) : told,
      };
    }
    if (!key) return { title: problem.body.title, text: detail ?? t('problem.generic') };
    return { title: t(`${key}.title`), text: t(`${key}.text`, { detail, defaultValue: detail ?? '' }) };
  };
}

/** What happened, where, and what to do next. */
export function ErrorState({ error, onRetry, small = false }: Props) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const { title, text } = useProblemWords()(problem);
  const Icon = TONE_ICONS.bad;
  return (
    <Stack align="center" gap={4} py={small ? 'md' : 64} px="md" ta="center" role="alert">
      <Icon size={small ? 24 : 36} color="var(--ts-bad)" stroke={1.6} aria-hidden="true" />
      <Title order={small ? 3 : 2}>{title}</Title>
      <Text c="dimmed" maw={520}>
        {text}
      </Text>
      {problem.status > 0 && (
        <Text size="xs" c="dimmed">
          <Code>
            {problem.status} {problem.code}
          </Code>
        </Text>
      )}
      {onRetry && (
        <Button mt="xs" variant="default" onClick={onRetry}>
          {t('ui.tryAgain')}
        </Button>
      )}
    </Stack>
  );
}
