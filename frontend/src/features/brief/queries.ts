import { queryOptions } from '@tanstack/react-query';
import { http } from '@/api/http';

export type Answer = string | number | null;
export type Answers = Record<string, Answer>;

export interface BriefField {
  key: string;
  section: string;
  kind: 'text' | 'number' | 'share' | 'choice';
  en: string;
  ko: string;
  help_en: string;
  help_ko: string;
  required: string;
  unit: string;
  options: { key: string; en: string; ko: string }[];
}

export interface TaskKind {
  key: string;
  title_en: string;
  title_ko: string;
  example: string;
  support: 'supported' | 'planned' | 'elsewhere';
  advice: string;
  classifies: boolean;
}

export interface BriefForm {
  sections: string[];
  fields: BriefField[];
  task_kinds: TaskKind[];
  templates: { key: string; en: string; ko: string; answers: Answers }[];
}

export interface Brief {
  id: string;
  revision: number;
  template: string;
  answers: Answers;
  state: 'draft' | 'signed' | 'stopped';
  signed_name: string;
  decided_at: string | null;
  decision_reason: string;
  updated_at: string;
  missing: string[];
  warnings: string[];
}

export interface CurrentBrief {
  brief: Brief | null;
  history: Brief[];
}

export interface Hypothesis {
  kind: 'predictable' | 'informative';
  state: string;
  signed_name: string;
  decided_at: string | null;
  reason: string;
  attempts: {
    reference: string;
    label: string;
    beat_baseline: boolean | null;
    metric: string;
    value: number | null;
    baseline: number | null;
    notes: string[];
    created_at: string;
  }[];
}

const at = (project: string, path: string) => `/api/v1/projects/${project}/${path}`;

export const briefQuery = (project: string) =>
  queryOptions({
    queryKey: ['brief', project],
    queryFn: ({ signal }) => http.get<CurrentBrief>(at(project, 'brief'), { signal }),
  });

export const briefFormQuery = (project: string) =>
  queryOptions({
    queryKey: ['brief-form', project],
    queryFn: ({ signal }) => http.get<BriefForm>(at(project, 'brief/templates'), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const hypothesesQuery = (project: string) =>
  queryOptions({
    queryKey: ['hypotheses', project],
    queryFn: ({ signal }) => http.get<Hypothesis[]>(at(project, 'hypotheses'), { signal }),
  });

export const saveBrief = (project: string, answers: Answers, template: string) =>
  http.put<CurrentBrief>(at(project, 'brief'), { body: { answers, template } });

/** `seen` is the `updated_at` of the draft that the person read: nobody signs what somebody else wrote meanwhile. */
export const signBrief = (project: string, name: string, seen: string | null) =>
  http.post<CurrentBrief>(at(project, 'brief/sign'), { body: { name, seen } });

export const stopBrief = (project: string, name: string, reason: string, seen: string | null) =>
  http.post<CurrentBrief>(at(project, 'brief/stop'), { body: { name, reason, seen } });

export const decideHypothesis = (
  project: string,
  kind: Hypothesis['kind'],
  body: { state: 'refuted' | 'reopened'; name: string; reason: string },
) => http.post<Hypothesis[]>(at(project, `hypotheses/${kind}`), { body });

/** What a person typed, as the server takes it: empty fields are left out. */
export function answersToSend(typed: Answers): Answers {
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== '' && value !== null));
}

/** The words of a form entry in the language of the page. */
export function wordsOf(entry: { en: string; ko: string }, language: string): string {
  return (language.startsWith('ko') && entry.ko) || entry.en;
}
