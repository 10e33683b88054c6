/** A class of a label schema, as a workbench and a review need it. */
export interface LabelClass {
  key: string;
  name: string;
  names?: Partial<Record<string, string>>;
  parent: string | null;
  hotkey?: string | null;
  selectable: boolean;
  description?: string | null;
}
