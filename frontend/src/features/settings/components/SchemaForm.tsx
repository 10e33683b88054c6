import {
  Button,
  Checkbox,
  FileButton,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { classText, parseClasses, slug } from '../classText';
import { createSchema, type Schema, type SchemaClass, type SchemaQuestion } from '../queries';

interface Props {
  project: string;
  /** The version that the new one follows. */
  before: Schema | null;
  onClose: () => void;
  onMade: (id: string) => void;
}

/** Keys of questions are small letters, digits and underscores. */
const questionKey = (title: string) =>
  slug(title)
    .replaceAll('-', '_')
    .replace(/^[^a-z]+/, '') || 'label';

/** The question whose classes the text is about: the first that has any; a new schema's only one. */
const written = (before: Schema | null) =>
  before?.document.questions.find((one) => one.kind !== 'number' && one.kind !== 'text');

/** The words of a new version, with those of languages that the form does not show. */
const worded = ({ ko: _, ...others }: Record<string, string>, now: Record<string, string>) => ({
  ...others,
  ...now,
});

/** What the text does not show stays with its class: keys on the keyboard, descriptions. What is retired stays so. */
const carried = (old: SchemaClass | undefined, now: SchemaClass): SchemaClass => {
  if (old === undefined) return now;
  return old.retired ? old : { ...old, ...now, names: worded(old.names, now.names) };
};

function useDocument(before: Schema | null) {
  const first = written(before);
  const [title, setTitle] = useState(first?.title.en ?? '');
  const [titleKo, setTitleKo] = useState(first?.title.ko ?? '');
  const [kind, setKind] = useState<SchemaQuestion['kind']>(first?.kind ?? 'single_choice');
  const [none, setNone] = useState(first?.allow_none ?? true);
  const [cannotTell, setCannotTell] = useState(first?.allow_cannot_tell ?? true);
  const known = useMemo(() => new Map(first?.classes.map((one) => [one.key, one])), [first]);
  const [inner, setInner] = useState(() => {
    const parents = new Set(first?.classes.map((one) => one.parent));
    return first?.classes.some((one) => one.selectable && parents.has(one.key)) ?? false;
  });
  const [text, setText] = useState(() => (first ? classText(first.classes) : ''));
  const classes = useMemo(
    () => parseClasses(text, inner).map((one) => carried(known.get(one.key), one)),
    [text, inner, known],
  );
  const question: Partial<SchemaQuestion> = {
    key: questionKey(title),
    help: {},
    max_choices: null,
    // What the form does not show stays as it is: conditions, tools, skeletons, attributes.
    ...first,
    kind,
    title: worded(first?.title ?? {}, titleKo ? { en: title, ko: titleKo } : { en: title }),
    allow_none: none,
    allow_cannot_tell: cannotTell,
    classes,
  };
  // So do further questions of the version before.
  const questions = before?.document.questions.map((one) => (one === first ? question : one)) ?? [question];
  const document = { format: 1, questions };
  return {
    document,
    classes,
    values: { title, titleKo, kind, none, cannotTell, inner, text },
    set: { setTitle, setTitleKo, setKind, setNone, setCannotTell, setInner, setText },
  };
}

type Form = ReturnType<typeof useDocument>;

function Written({ values, set, classes, isNew }: Omit<Form, 'document'> & { isNew: boolean }) {
  const { t } = useTranslation('settings');
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          label={t('schema.title')}
          placeholder={t('schema.titleExample')}
          value={values.title}
          onChange={(event) => set.setTitle(event.currentTarget.value)}
          required
        />
        <TextInput
          label={t('schema.titleKo')}
          value={values.titleKo}
          onChange={(event) => set.setTitleKo(event.currentTarget.value)}
        />
      </Group>
      {isNew && (
        <SegmentedControl
          aria-label={t('schema.kindOf')}
          data={(['single_choice', 'multiple_choice'] as const).map((value) => ({
            value,
            label: t(`schema.kind.${value}`),
          }))}
          value={values.kind}
          onChange={(value) => set.setKind(value as SchemaQuestion['kind'])}
        />
      )}
      <Group>
        <Checkbox
          label={t('schema.allowNone')}
          checked={values.none}
          onChange={(event) => set.setNone(event.currentTarget.checked)}
        />
        <Checkbox
          label={t('schema.allowCannotTell')}
          checked={values.cannotTell}
          onChange={(event) => set.setCannotTell(event.currentTarget.checked)}
        />
        <Checkbox
          label={t('schema.inner')}
          checked={values.inner}
          onChange={(event) => set.setInner(event.currentTarget.checked)}
        />
      </Group>
      <Textarea
        label={t('schema.classesLabel')}
        description={t('schema.classesHelp')}
        placeholder={'animal = Animal | 동물\n  cat = Cat | 고양이\n  dog = Dog | 개'}
        value={values.text}
        onChange={(event) => set.setText(event.currentTarget.value)}
        autosize
        minRows={6}
        maxRows={16}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        required
      />
      <Text size="xs" c="dimmed">
        {t('schema.read', {
          count: classes.length,
          n: formatCount(classes.length),
          choices: formatCount(classes.filter((one) => one.selectable).length),
        })}
      </Text>
    </>
  );
}

/** A question and its classes, written as text; or a whole document from a file. */
export function SchemaForm({ project, before, onClose, onMade }: Props) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const [name, setName] = useState(before?.name ?? '');
  const [key, renew] = useRequestKey();
  const { document, classes, values, set } = useDocument(before);
  const hasText = before === null || written(before) !== undefined;
  const make = useMutation({
    mutationFn: (body: unknown) =>
      createSchema(project, { name: name.trim(), family: before?.family ?? '', document: body }, key),
    onError: renew,
    onSuccess: (schema) => {
      void client.invalidateQueries({ queryKey: ['schemas', project] });
      onMade(schema.id);
      onClose();
    },
  });
  const handleFile = async (file: File | null) => {
    if (!file) return;
    let body: unknown;
    try {
      body = JSON.parse(await file.text());
    } catch {
      // The server says what is wrong with anything that is not a document.
      body = null;
    }
    make.mutate(body);
  };
  return (
    <Modal opened onClose={onClose} title={t(before ? 'schema.next' : 'schema.create')} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(document);
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('schema.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
          {hasText ? (
            <Written values={values} set={set} classes={classes} isNew={before === null} />
          ) : (
            <Text c="dimmed">{t('schema.noClasses')}</Text>
          )}
          <FormProblem error={make.error} />
          <Group justify="space-between">
            <FileButton accept="application/json" onChange={(file) => void handleFile(file)}>
              {(props) => (
                <Button {...props} variant="default" disabled={name.trim() === ''}>
                  {t('schema.fromFile')}
                </Button>
              )}
            </FileButton>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('ui.cancel')}
              </Button>
              <Button type="submit" loading={make.isPending} disabled={!hasText || classes.length === 0}>
                {t('schema.save')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
