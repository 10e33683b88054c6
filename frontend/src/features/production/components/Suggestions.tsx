import { Anchor, Button, Group, Modal, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatAgo, formatP, formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { useSaid } from '@/shared/ui/said';
import { Light } from '@/shared/ui/Verdict';
import { dismissSuggestion, type Suggestion } from '../queries';
import { useDecided } from '../useDecided';
import { estimateWords } from '../words';
import { Retrain } from './Retrain';

/** Why it is not done is kept with the suggestion, so the reason is asked for. */
function Dismiss({ suggestion, onClose }: { suggestion: Suggestion; onClose: () => void }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const decided = useDecided(slug);
  const [reason, setReason] = useState('');
  const dismiss = useMutation({
    mutationFn: () => dismissSuggestion(slug, suggestion.id, reason),
    onSuccess: () => {
      decided();
      onClose();
    },
  });
  const fields = dismiss.error ? asProblem(dismiss.error).fieldErrors : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        dismiss.mutate();
      }}
    >
      <Stack gap="sm">
        <Textarea
          label={t('suggestion.reason')}
          description={t('suggestion.reasonText')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={fields.reason}
          autosize
          minRows={3}
          required
          data-autofocus
        />
        {!fields.reason && <FormProblem error={dismiss.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button type="submit" loading={dismiss.isPending} disabled={reason.trim() === ''}>
            {t('suggestion.dismiss')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Why the rule asks: the sentence of the comparison. */
function useWhy(): (evidence: Suggestion['evidence']) => string {
  const say = useServerWords('production');
  const tell = useSaid();
  return ({ said, sentence, drop }) =>
    tell(said, sentence, say('suggestion.sentence', estimateWords(drop), sentence));
}

function Open({ suggestion, endpoint }: { suggestion: Suggestion; endpoint: string }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const why = useWhy();
  const [dismisses, setDismisses] = useState(false);
  const { evidence } = suggestion;
  return (
    <Paper withBorder p="md" mb="md" bg="var(--ts-surface)" style={{ borderColor: 'var(--ts-bad)' }}>
      <Group gap="md" align="flex-start">
        <Stack gap={4} flex={1} miw={260}>
          <Text fw={600}>
            <Light tone="bad">{t('suggestion.title')}</Light>
          </Text>
          <Text>{why(evidence)}</Text>
          <Group gap="md">
            <EstimateBar {...evidence.drop} domain={[-0.2, 0.6]} label={t('suggestion.drop')} />
            <Text size="xs" c="dimmed">
              {evidence.p_value === null
                ? t('suggestion.rule', { drop: formatPercent(evidence.smallest_drop) })
                : t('suggestion.rule_p', {
                    drop: formatPercent(evidence.smallest_drop),
                    p: formatP(evidence.p_value),
                    alpha: evidence.alpha,
                  })}{' '}
              <Anchor
                component={Link}
                inherit
                to="/p/$project/production/audits/$id"
                params={{ project: project.slug, id: evidence.audit } as never}
              >
                {t('suggestion.seeAudit')}
              </Anchor>
            </Text>
          </Group>
          <Retrain suggestion={suggestion} endpoint={endpoint}>
            <Button variant="default" onClick={() => setDismisses(true)}>
              {t('suggestion.no')}
            </Button>
          </Retrain>
        </Stack>
      </Group>
      <Modal opened={dismisses} onClose={() => setDismisses(false)} title={t('suggestion.no')}>
        <Dismiss suggestion={suggestion} onClose={() => setDismisses(false)} />
      </Modal>
    </Paper>
  );
}

interface SuggestionsProps {
  suggestions: readonly Suggestion[];
  endpoint: string;
}

/** "The metric fell and that is not chance: retrain?", with one button; below, what was decided before. */
export function Suggestions({ suggestions, endpoint }: SuggestionsProps) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const why = useWhy();
  const decided = suggestions.filter((one) => one.state !== 'open');
  return (
    <>
      {suggestions
        .filter((one) => one.state === 'open')
        .map((one) => (
          <Open key={one.id} suggestion={one} endpoint={endpoint} />
        ))}
      {decided.length > 0 && (
        <Section title={t('suggestion.decided')}>
          <Stack gap={4}>
            {decided.map((one) => (
              <Text key={one.id} size="sm">
                <Light tone={one.state === 'accepted' ? 'good' : 'unknown'}>
                  {t(`suggestion.state.${one.state ?? 'open'}`, { who: one.decided_by?.name ?? '' })}
                </Light>{' '}
                {one.decided_at && formatAgo(one.decided_at)} ·{' '}
                {one.evidence.dismissed_because ?? why(one.evidence)}{' '}
                {one.run && (
                  <Anchor
                    component={Link}
                    inherit
                    to="/p/$project/models/runs/$id"
                    params={{ project: slug, id: one.run } as never}
                  >
                    {t('suggestion.run')}
                  </Anchor>
                )}
              </Text>
            ))}
          </Stack>
        </Section>
      )}
    </>
  );
}
