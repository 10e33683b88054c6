import { Text } from '@mantine/core';
import { IconArrowRight, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatCount, formatPercent } from '@/shared/format';
import styles from '../models.module.css';
import type { Looks, Model, Run, TestLook, VersionRow } from '../queries';
import { metricUnit } from '../words';

interface Props {
  version: VersionRow;
  runs: readonly Run[];
  models: readonly Model[];
  looks: Looks | undefined;
  tests: readonly TestLook[];
  /** What can be done at a step, by its key. */
  actions: Partial<Record<StepKey, ReactNode>>;
}

export type StepKey = 'version' | 'baselines' | 'networks' | 'test' | 'release';

interface Step {
  key: StepKey;
  done: boolean;
  figure: ReactNode;
  note: ReactNode;
}

function best(runs: readonly Run[]): Run | undefined {
  const scored = runs.filter((run) => run.score?.value != null);
  return [...scored].sort((a, b) => (b.score?.value ?? 0) - (a.score?.value ?? 0))[0];
}

function useSteps({ version, runs, models, looks, tests }: Props): Step[] {
  const { t } = useTranslation('models');
  const done = (run: Run) => run.state === 'succeeded';
  const baselines = runs.filter((run) => run.is_baseline);
  const networks = runs.filter((run) => !run.is_baseline);
  const mine = models.filter((model) => model.version === version.ref);
  const champion = mine.find((model) => model.stage === 'champion');
  const show = (run: Run | undefined) => {
    if (run?.score?.value == null) return t('path.noScore');
    const value = run.score.value;
    const text = metricUnit(run.task.metric) === 'percent' ? formatPercent(value) : value.toFixed(3);
    return t('path.best', { value: text, metric: t(`metric.${run.task.metric}`) });
  };
  const count = (list: readonly Run[]) => {
    const busy = list.filter((run) => isRunning(run)).length;
    const ended = list.filter(done).length;
    return [
      t('path.runs', { count: ended }),
      busy > 0 && t('path.running', { count: busy, n: formatCount(busy) }),
    ]
      .filter(Boolean)
      .join(' · ');
  };
  return [
    {
      key: 'version',
      done: true,
      figure: version.ref,
      note: t('path.versionNote', {
        items: formatCount(version.items),
        classes: formatCount(version.n_classes),
        count: version.n_classes,
      }),
    },
    { key: 'baselines', done: baselines.some(done), figure: show(best(baselines)), note: count(baselines) },
    {
      key: 'networks',
      done: networks.some(done),
      figure: show(best(networks)),
      note: [count(networks), looks && t('path.looks', { count: looks.looks })].filter(Boolean).join(' · '),
    },
    {
      key: 'test',
      done: tests.length > 0,
      figure: tests.length > 0 ? t('path.looked', { count: tests.length }) : t('path.sealed'),
      note: t(tests.length > 0 ? 'path.lookedNote' : 'path.sealedNote'),
    },
    {
      key: 'release',
      done: champion !== undefined,
      figure: champion?.name ?? t('path.notReleased'),
      note: champion
        ? t('path.answersAt', { endpoint: champion.endpoints.join(', ') })
        : t('path.registered', { count: mine.length }),
    },
  ];
}

/** From a frozen version to a released model: where it stands, and what comes next. */
export function PathSteps(props: Props) {
  const { t } = useTranslation('models');
  const steps = useSteps(props);
  const next = steps.findIndex((step) => !step.done);
  return (
    <ol className={styles.path} aria-label={t('path.title')}>
      {steps.map((step, at) => {
        const state = step.done ? 'done' : at === next ? 'next' : 'later';
        const Icon =
          state === 'done' ? IconCircleCheck : state === 'next' ? IconArrowRight : IconCircleDashed;
        const colour = { done: 'var(--ts-good)', next: 'var(--ts-accent)', later: 'var(--ts-unknown)' }[
          state
        ];
        return (
          <li
            key={step.key}
            className={styles.step}
            data-state={state}
            aria-current={state === 'next' ? 'step' : undefined}
          >
            <span className={styles.stepTitle}>
              <Icon size={16} color={colour} aria-hidden="true" />
              {t(`path.step.${step.key}`)}
              <span className="visually-hidden">{t(`path.state.${state}`)}</span>
            </span>
            <Text
              className="tabular"
              truncate
              title={typeof step.figure === 'string' ? step.figure : undefined}
            >
              {step.figure}
            </Text>
            <Text size="xs" c="dimmed" style={{ flex: 1 }}>
              {step.note}
            </Text>
            {props.actions[step.key]}
          </li>
        );
      })}
    </ol>
  );
}
