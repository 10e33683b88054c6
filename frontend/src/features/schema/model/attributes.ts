import { keyOf, plainClass } from './draft';
import type { Attribute, AttributeKind, SchemaClass } from './types';

/** Small questions about one shape, while they are being written. */

export const ATTRIBUTE_KINDS = ['single_choice', 'multiple_choice', 'number', 'text'] as const;

/** Of one answer there is no choice. */
const FEWEST = 2;

const own = (kind: AttributeKind): Partial<Attribute> => {
  if (kind === 'number') return { min: null, max: null, step: null, unit: '' };
  return kind === 'text' ? { max_length: 200 } : { classes: [] };
};

export function addAttribute(attributes: readonly Attribute[], title: string): Attribute[] {
  const key = keyOf(
    title,
    new Set(attributes.map((one) => one.key)),
    `attribute_${attributes.length + 1}`,
    '_',
  );
  const fresh: Attribute = {
    key,
    kind: 'single_choice',
    title: { en: title },
    required: false,
    for_classes: null,
    classes: [],
  };
  return [...attributes, fresh];
}

/** Another kind keeps what is asked, not what may be answered. */
export const withKind = (one: Attribute, kind: AttributeKind): Attribute => ({
  key: one.key,
  kind,
  title: one.title,
  required: one.required,
  for_classes: one.for_classes,
  ...own(kind),
});

export function addOption(one: Attribute, name: string): Attribute {
  const options = one.classes ?? [];
  const key = keyOf(name, new Set(options.map((other) => other.key)), `option-${options.length + 1}`);
  return { ...one, classes: [...options, plainClass(key, name, null)] };
}

export const withOption = (one: Attribute, key: string, names: SchemaClass['names']): Attribute => ({
  ...one,
  classes: (one.classes ?? []).map((other) => (other.key === key ? { ...other, names } : other)),
});

export const withoutOption = (one: Attribute, key: string): Attribute => ({
  ...one,
  classes: (one.classes ?? []).filter((other) => other.key !== key),
});

/** What keeps an attribute from being asked. */
export function attributeFault(one: Attribute): 'title' | 'options' | null {
  if (!one.title.en?.trim()) return 'title';
  return one.kind.endsWith('choice') && (one.classes ?? []).length < FEWEST ? 'options' : null;
}
