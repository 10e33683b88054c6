import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { SCHEMA_KEYS, type SchemaKeyName, schemaId } from '@/actions/schemaKeys';
import { useActions } from '@/actions/useActions';
import { NAME_FIELD, type OperationKind } from './components/ClassFields';
import { TREE } from './components/ClassTree';

interface Options {
  /** The question has classes, and they may be changed. */
  open: boolean;
  /** A class that can be renamed is chosen; `kept`: one that some version has, so that labels may point at it. */
  chosen: 'none' | 'fresh' | 'kept';
  /** There is something to count. */
  changed: boolean;
  add: () => void;
  remove: () => void;
  operate: (kind: OperationKind) => void;
  check: () => void;
}

const focus = (id: string) => document.getElementById(id)?.focus();

/** Everything that can become of a class, by a key each: in the page, in `?` and in the palette. */
export function useSchemaActions({ open, chosen, changed, add, remove, operate, check }: Options): void {
  const { t } = useTranslation('schema');
  const make = (name: SchemaKeyName, enabled: boolean, perform: () => void): Action => ({
    id: schemaId(name),
    title: t(`action.${name}`),
    group: t('action.group'),
    scope: 'page',
    keys: SCHEMA_KEYS[name],
    isEnabled: () => enabled,
    perform,
  });
  const kept = open && chosen === 'kept';
  useActions([
    make('tree', open, () => focus(TREE)),
    make('add', open, add),
    make('rename', open && chosen !== 'none', () => focus(NAME_FIELD)),
    make('merge', kept, () => operate('merge')),
    make('split', kept, () => operate('split')),
    make('retire', open && chosen !== 'none', () => (chosen === 'fresh' ? remove() : operate('retire'))),
    make('check', changed, check),
  ]);
}
