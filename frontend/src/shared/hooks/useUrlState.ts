import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** One value kept in the address (`?name=value`), so that a shared link restores it. The default is not written. */
export function useUrlState(name: string, fallback: string): [string, (value: string) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const raw = search[name];
  const value = raw === undefined || raw === null ? fallback : String(raw);
  const set = useCallback(
    (next: string) => {
      const change = (before: Record<string, unknown>) => {
        const { [name]: _old, ...rest } = before;
        return next === fallback ? rest : { ...rest, [name]: next };
      };
      void navigate({ to: '.', search: change as never, replace: true });
    },
    [navigate, name, fallback],
  );
  return [value, set];
}

export interface Sort {
  key: string;
  descending: boolean;
}

/** Sorting in the address as `?sort=name` or `?sort=-name`. */
export function useUrlSort(fallback = ''): [Sort | null, (sort: Sort | null) => void] {
  const [text, setText] = useUrlState('sort', fallback);
  const sort = text ? { key: text.replace(/^-/, ''), descending: text.startsWith('-') } : null;
  return [sort, (next) => setText(next ? `${next.descending ? '-' : ''}${next.key}` : '')];
}
