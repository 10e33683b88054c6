import { ClassPanel } from '@/features/annotate/components/ClassPanel';
import { SchemaPage } from '@/features/schema/SchemaPage';

/** The schema's page with the very class panel of the workbench for its preview. */
export function SchemaEditor() {
  return <SchemaPage Panel={ClassPanel} />;
}
