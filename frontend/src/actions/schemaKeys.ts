/** The keys of the schema editor; words are under `action.<name>` of the schema, people's own keys under the ids. */
export const SCHEMA_KEYS = {
  tree: ['KeyT'],
  add: ['KeyN'],
  rename: ['F2'],
  merge: ['KeyM'],
  split: ['KeyS'],
  retire: ['Delete'],
  check: ['Mod+Enter'],
} as const satisfies Record<string, readonly string[]>;

export type SchemaKeyName = keyof typeof SCHEMA_KEYS;

export const schemaId = (name: SchemaKeyName): string => `schema.${name}`;
