import { lazy } from 'react';
import { SchemaPage } from '@/features/schema/SchemaPage';

const Trial = lazy(() => import('@/features/annotate/several/Trial').then((m) => ({ default: m.Trial })));

/** The schema's page with the very questions of the workbench for its preview. */
export function SchemaEditor() {
  return <SchemaPage Trial={Trial} />;
}
