import {
  ActionIcon,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  ATTRIBUTE_KINDS,
  addAttribute,
  addOption,
  attributeFault,
  withKind,
  withOption,
  withoutOption,
} from '../model/attributes';
import { nameIn, spoken } from '../model/tree';
import type { Attribute, AttributeKind, SchemaClass } from '../model/types';
import styles from '../SchemaPage.module.css';
import { NumberFields } from './NumberFields';

interface Props {
  attributes: readonly Attribute[];
  /** Of the version before: shapes have their values, so they stay, with the kind that they have. */
  kept: readonly Attribute[];
  classes: readonly SchemaClass[];
  readOnly: boolean;
  onChange: (attributes: Attribute[]) => void;
}

interface OneProps {
  one: Attribute;
  before: Attribute | undefined;
  classes: readonly SchemaClass[];
  readOnly: boolean;
  onChange: (attribute: Attribute) => void;
  onRemove: () => void;
}

const LANGUAGES = ['en', 'ko'] as const;

function Options({ one, before, readOnly, onChange }: Omit<OneProps, 'classes' | 'onRemove'>) {
  const { t } = useTranslation('schema');
  const fixed = new Set(before?.classes?.map(({ key }) => key));
  return (
    <Stack gap={4}>
      <Text size="xs" fw={500}>
        {t('attribute.options')}
      </Text>
      {(one.classes ?? []).map(({ key, names }, at) => (
        <Group key={key} gap={4} wrap="nowrap">
          {LANGUAGES.map((language) => (
            <TextInput
              key={language}
              size="xs"
              flex={1}
              aria-label={t(`attribute.option.${language}`, { n: at + 1 })}
              placeholder={language === 'ko' ? t('attribute.korean') : ''}
              value={names[language] ?? ''}
              disabled={readOnly}
              onChange={(event) =>
                onChange(withOption(one, key, spoken(names, language, event.currentTarget.value)))
              }
            />
          ))}
          {!readOnly && !fixed.has(key) && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('attribute.removeOption', { name: names.en ?? key })}
              onClick={() => onChange(withoutOption(one, key))}
            >
              <IconTrash size={14} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!readOnly && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={12} />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onChange(addOption(one, t('attribute.freshOption')))}
        >
          {t('attribute.addOption')}
        </Button>
      )}
    </Stack>
  );
}

function One({ one, before, classes, readOnly, onChange, onRemove }: OneProps) {
  const { t, i18n } = useTranslation('schema');
  const fault = attributeFault(one);
  const change = (patch: Partial<Attribute>) => onChange({ ...one, ...patch });
  return (
    <fieldset className={styles.part}>
      <legend>{nameIn(one.title, i18n.language) || one.key}</legend>
      <Stack gap={6}>
        <Group grow gap={6} align="flex-start">
          {LANGUAGES.map((language) => (
            <TextInput
              key={language}
              size="xs"
              label={t(`attribute.title.${language}`)}
              value={one.title[language] ?? ''}
              disabled={readOnly}
              error={language === 'en' && fault === 'title' && t('attribute.noTitle')}
              onChange={(event) => change({ title: spoken(one.title, language, event.currentTarget.value) })}
            />
          ))}
        </Group>
        <Group grow gap={6} align="flex-start">
          <Select
            size="xs"
            label={t('question.kind')}
            data={ATTRIBUTE_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            value={one.kind}
            disabled={readOnly || before !== undefined}
            allowDeselect={false}
            onChange={(kind) => kind && onChange(withKind(one, kind as AttributeKind))}
          />
          <MultiSelect
            size="xs"
            label={t('attribute.for')}
            placeholder={one.for_classes === null ? t('attribute.forAll') : ''}
            data={classes
              .filter((other) => !other.retired)
              .map((other) => ({ value: other.key, label: nameIn(other.names, i18n.language) || other.key }))}
            value={one.for_classes ?? []}
            disabled={readOnly}
            searchable
            limit={60}
            onChange={(keys) => change({ for_classes: keys.length > 0 ? keys : null })}
          />
        </Group>
        {one.kind === 'number' && <NumberFields of={one} readOnly={readOnly} onChange={change} />}
        {one.kind === 'text' && (
          <NumberInput
            size="xs"
            label={t('question.maxLength')}
            value={one.max_length ?? 200}
            disabled={readOnly}
            min={1}
            max={20_000}
            allowDecimal={false}
            onChange={(value) => change({ max_length: Number(value) || 200 })}
          />
        )}
        {one.kind.endsWith('choice') && (
          <Options one={one} before={before} readOnly={readOnly} onChange={onChange} />
        )}
        {fault === 'options' && (
          <Text size="xs" c="var(--ts-bad)" role="alert">
            {t('attribute.noOptions')}
          </Text>
        )}
        <Group justify="space-between">
          <Switch
            size="xs"
            label={t('attribute.required')}
            checked={one.required}
            disabled={readOnly}
            onChange={(event) => change({ required: event.currentTarget.checked })}
          />
          {!readOnly && before === undefined && (
            <Button size="compact-xs" variant="default" onClick={onRemove}>
              {t('attribute.remove')}
            </Button>
          )}
        </Group>
      </Stack>
    </fieldset>
  );
}

/** What is asked of each shape besides its class. */
export function AttributeEditor({ attributes, kept, classes, readOnly, onChange }: Props) {
  const { t } = useTranslation('schema');
  if (readOnly && attributes.length === 0) return null;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {t('attribute.all')}
      </Text>
      {attributes.map((one, at) => (
        <One
          key={one.key}
          one={one}
          before={kept.find(({ key }) => key === one.key)}
          classes={classes}
          readOnly={readOnly}
          onChange={(changed) => onChange(attributes.map((old, index) => (index === at ? changed : old)))}
          onRemove={() => onChange(attributes.filter((_, index) => index !== at))}
        />
      ))}
      {!readOnly && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => onChange(addAttribute(attributes, t('attribute.fresh')))}
        >
          {t('attribute.add')}
        </Button>
      )}
    </Stack>
  );
}
