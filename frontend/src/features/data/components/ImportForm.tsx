import {
  Accordion,
  Autocomplete,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Verdict } from '@/shared/ui/Verdict';
import { uuid } from '@/shared/uuid';
import { inLanguage } from '../classes';
import {
  announceUploads,
  describeSource,
  type Import,
  type Places,
  type Source,
  schemasQuery,
  sendChunk,
  sourcesQuery,
  startImport,
  uploadState,
} from '../queries';
import { uploadMemory } from '../upload/memory';
import { Uploader } from '../upload/uploader';
import { FilePicker } from './FilePicker';

const FROM = ['browser', 'server', 's3'] as const;
const MOST_FILES = 10_000;
const ENCODINGS = ['utf-8', 'cp949'] as const;
const SENSITIVITY = ['public', 'internal', 'personal', 'special'] as const;

function useUploader(project: string, places: Places): Uploader {
  const uploader = useMemo(
    () =>
      new Uploader(
        {
          announce: async (files, key, signal) =>
            (await announceUploads(project, files, key, signal)).uploads,
          state: (id, signal) => uploadState(project, id, signal),
          send: (id, offset, chunk, signal) => sendChunk(project, id, offset, chunk, signal),
        },
        uploadMemory(project),
        places.chunk_bytes,
      ),
    [project, places.chunk_bytes],
  );
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (uploader.progress().state === 'sending') event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      window.removeEventListener('beforeunload', warn);
      uploader.pause();
    };
  }, [uploader]);
  return uploader;
}

interface Props {
  project: string;
  places: Places;
  onStarted: (run: Import) => void;
}

/** From where, under what name, and what a manifest beside the files says. */
export function ImportForm({ project, places, onStarted }: Props) {
  const { t, i18n } = useTranslation('data');
  const client = useQueryClient();
  const [from, setFrom] = useUrlState('from', 'browser');
  const [source, setSource] = useState('');
  const [population, setPopulation] = useState('');
  const [path, setPath] = useState('');
  const [bucket, setBucket] = useState<string | null>(places.buckets[0] ?? null);
  const [prefix, setPrefix] = useState('');
  const [manifest, setManifest] = useState('');
  const [encoding, setEncoding] = useState<(typeof ENCODINGS)[number]>('utf-8');
  const [onlyListed, setOnlyListed] = useState(false);
  const [labels, setLabels] = useState<string | null>(null);
  const [licence, setLicence] = useState('');
  const [sensitivity, setSensitivity] = useState<Source['sensitivity']>('internal');
  const key = useRef(uuid());
  const { data: sources } = useQuery(sourcesQuery(project));
  const { data: schemas } = useQuery(schemasQuery(project));
  const uploader = useUploader(project, places);
  const progress = useSyncExternalStore(uploader.subscribe, uploader.progress);
  const known = sources?.results.find((one) => one.name === source.trim());
  const questions = (schemas?.results ?? []).flatMap((schema) =>
    schema.questions.map((one) => ({
      value: `${schema.id} ${one.key}`,
      label: `${schema.name} v${schema.version}: ${inLanguage(one.title, i18n.language, one.key)}`,
    })),
  );
  const start = useMutation({
    mutationFn: async () => {
      if (from === 'browser' && !(await uploader.start())) return null;
      const uploads = from === 'browser' ? uploader.ids() : [];
      if (from === 'browser' && uploads.length === 0) return null;
      if (sources && !known) {
        const kind = { browser: 'upload', server: 'folder', s3: 's3' } as const;
        await describeSource(
          project,
          { name: source.trim(), kind: kind[from as keyof typeof kind], population, licence, sensitivity },
          `${key.current}-source`,
        );
      }
      const [schema = null, question = ''] = labels?.split(' ') ?? [];
      return startImport(
        project,
        {
          source: source.trim(),
          population,
          manifest,
          manifest_encoding: encoding,
          only_listed: onlyListed,
          label_schema: schema,
          question,
          ...(from === 'browser' ? { uploads } : {}),
          ...(from === 'server' ? { path } : {}),
          ...(from === 's3' ? { bucket: bucket ?? '', prefix } : {}),
        },
        key.current,
      );
    },
    onError: () => {
      key.current = uuid();
    },
    onSuccess: (run) => {
      if (!run) return;
      key.current = uuid();
      uploader.taken();
      for (const queryKey of [
        ['imports', project],
        ['sources', project],
        ['jobs', project],
      ]) {
        void client.invalidateQueries({ queryKey });
      }
      onStarted(run);
    },
  });
  const errors = start.error ? asProblem(start.error).fieldErrors : {};
  const tooMany = progress.files > MOST_FILES;
  const ready =
    source.trim() !== '' &&
    (from === 'browser'
      ? progress.files > 0 && !tooMany
      : from === 'server'
        ? path.trim() !== ''
        : bucket !== null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t('import.from')}
          value={from}
          onChange={setFrom}
          data={FROM.map((value) => ({ value, label: t(`import.${value}`) }))}
        />
        {from === 'browser' && <FilePicker uploader={uploader} limit={places.upload_limit_bytes} />}
        {tooMany && <Verdict tone="warning">{t('upload.tooMany')}</Verdict>}
        {from === 'server' &&
          (places.roots.length === 0 ? (
            <Verdict tone="unknown">{t('import.noRoots')}</Verdict>
          ) : (
            <Autocomplete
              label={t('import.path')}
              description={t('import.pathHelp', { roots: places.roots.join(', ') })}
              placeholder={places.roots[0] ?? ''}
              data={places.roots}
              value={path}
              onChange={setPath}
              error={errors.path}
              required
            />
          ))}
        {from === 's3' &&
          (places.buckets.length === 0 ? (
            <Verdict tone="unknown">{t('import.noBuckets')}</Verdict>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <Select
                label={t('import.bucket')}
                data={places.buckets}
                value={bucket}
                onChange={setBucket}
                allowDeselect={false}
                error={errors.bucket}
              />
              <TextInput
                label={t('import.prefix')}
                description={t('import.prefixHelp')}
                value={prefix}
                onChange={(event) => setPrefix(event.currentTarget.value)}
              />
            </SimpleGrid>
          ))}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Autocomplete
            label={t('import.source')}
            description={t('import.sourceHelp')}
            data={(sources?.results ?? []).map((one) => one.name)}
            value={source}
            onChange={setSource}
            error={errors.source ?? errors.name}
            maxLength={200}
            required
          />
          <Autocomplete
            label={t('facet.population')}
            description={t('import.populationHelp')}
            data={[
              ...new Set([
                'training',
                'production',
                ...(sources?.results ?? []).map((one) => one.population),
              ]),
            ].filter(Boolean)}
            value={known ? known.population : population}
            onChange={setPopulation}
            disabled={Boolean(known)}
            maxLength={200}
          />
        </SimpleGrid>
        <Accordion variant="separated" chevronPosition="left">
          <Accordion.Item value="more">
            <Accordion.Control>{t('import.more')}</Accordion.Control>
            <Accordion.Panel>
              <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <TextInput
                  label={t('import.manifest')}
                  description={t('import.manifestHelp')}
                  placeholder="manifest.csv"
                  value={manifest}
                  error={errors.manifest}
                  onChange={(event) => setManifest(event.currentTarget.value)}
                />
                <Select
                  label={t('import.encoding')}
                  description={t('import.encodingHelp')}
                  data={ENCODINGS.map((value) => ({ value, label: t(`import.encodings.${value}`) }))}
                  value={encoding}
                  allowDeselect={false}
                  error={errors.manifest_encoding}
                  onChange={(value) => setEncoding(value ?? 'utf-8')}
                />
                <Select
                  label={t('import.labels')}
                  description={t('import.labelsHelp')}
                  placeholder={t('import.labelsNone')}
                  data={questions}
                  value={labels}
                  onChange={setLabels}
                  clearable
                />
                {!known && (
                  <>
                    <TextInput
                      label={t('import.licence')}
                      description={t('import.licenceHelp')}
                      placeholder="CC BY 4.0"
                      value={licence}
                      onChange={(event) => setLicence(event.currentTarget.value)}
                    />
                    <Select
                      label={t('import.sensitivity')}
                      description={t('import.sensitivityHelp')}
                      data={SENSITIVITY.map((value) => ({ value, label: t(`sensitivity.${value}`) }))}
                      value={sensitivity}
                      allowDeselect={false}
                      onChange={(value) => setSensitivity((value ?? 'internal') as Source['sensitivity'])}
                    />
                  </>
                )}
                <Checkbox
                  label={t('import.onlyListed')}
                  checked={onlyListed}
                  onChange={(event) => setOnlyListed(event.currentTarget.checked)}
                />
              </SimpleGrid>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <FormProblem error={start.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={start.isPending} disabled={!ready}>
            {t(
              from !== 'browser'
                ? 'import.start'
                : progress.state === 'paused'
                  ? 'upload.resume'
                  : 'upload.start',
            )}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
