import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { uuid } from '@/shared/uuid';
import type { Outbox } from '@/sync/outbox';
import { wholeOf } from '@/sync/pictures';
import type { OutboxEntry } from '@/sync/store';
import { workbenchQuery } from '../endpoints';
import { bodyOf, originOf, remedyOf, storedOf } from '../state/refused';
import type { Answer, Origin, Workbench } from '../types';
import { useAnswerWords } from '../useAnswerWords';

const DrawnAnswers = lazy(() => import('../repair/DrawnAnswers').then((m) => ({ default: m.DrawnAnswers })));

interface Props {
  entry: OutboxEntry;
  outbox: Outbox;
  /** Two drawings are shown at once; otherwise when asked for: each takes a decoded picture. */
  isFirst: boolean;
  onClose: () => void;
}

function useAsked(origin: Origin | null): Workbench | undefined {
  const { data } = useQuery({
    ...workbenchQuery(origin?.project ?? '', origin?.queue ?? ''),
    enabled: origin !== null,
  });
  return data;
}

/** One of two answers was given by drawing, so that words do not say enough. */
const isDrawn = (answer: Answer): boolean =>
  answer.kind === 'shapes' || (answer.kind === 'answers' && Object.values(answer.answers).some(isDrawn));

/** An answer that the server refused: why, what it has instead, and every way on. It stays until a person decides. */
export function ParkedEntry({ entry, outbox, isFirst, onClose }: Props) {
  const [isOpen, setOpen] = useState(isFirst);
  const { t } = useTranslation('annotate');
  const { t: said } = useTranslation('repair');
  const remedy = remedyOf(entry);
  const stored = storedOf(entry);
  const body = bodyOf(entry);
  const origin = originOf(entry);
  const data = useAsked(origin);
  const wordsOf = useAnswerWords(data);
  const picture = origin?.item.thumbnail_url ?? (origin && wholeOf(origin.item));
  const drawn = stored && body && origin && [stored.answer, body.answer].some(isDrawn);
  // However often it is pressed before the entry is gone, it is one answer.
  const [id] = useState(uuid);
  const sendAsNext = () => {
    if (!body || !stored) return;
    const { group, path, title, origin: from } = entry;
    const next = { ...body, id, revision: stored.revision + 1 };
    void outbox.enqueue({ id, group, path, title, origin: from, body: next }, null, entry.id);
  };
  return (
    <div data-parked={entry.problem?.code}>
      <Group gap="xs" wrap="nowrap" align="flex-start" mt={4}>
        {picture && <img src={picture} alt="" width={56} height={56} style={{ objectFit: 'contain' }} />}
        <Text size="xs">{said(`why.${remedy}`)}</Text>
      </Group>
      {stored && body && (
        <dl style={{ margin: '8px 0', fontSize: 'var(--mantine-font-size-sm)' }}>
          <dt>{said('server', { revision: stored.revision })}</dt>
          <dd style={{ margin: '0 0 4px 16px' }}>{wordsOf(stored.answer)}</dd>
          <dt>{said('here')}</dt>
          <dd style={{ margin: '0 0 0 16px', fontWeight: 600 }}>
            {wordsOf(body.answer)}
            {body.comment && ` · ${body.comment}`}
          </dd>
        </dl>
      )}
      {drawn && !isOpen && (
        <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
          {said('showDrawn')}
        </Button>
      )}
      {drawn && isOpen && stored && body && origin && (
        <Suspense>
          <DrawnAnswers item={origin.item} here={body.answer} there={stored.answer} data={data} />
        </Suspense>
      )}
      <Group gap="xs" mt={4}>
        {remedy === 'revision' && stored && (
          <Button size="compact-xs" onClick={sendAsNext}>
            {said('sendMine')}
          </Button>
        )}
        {origin && remedy !== 'final' && (
          <Button
            size="compact-xs"
            variant={remedy === 'question' ? 'filled' : 'default'}
            component={Link}
            to="/p/$project/label/$queue"
            params={{ project: origin.project, queue: origin.queue } as never}
            search={{ mend: entry.id } as never}
            onClick={onClose}
          >
            {said('open')}
          </Button>
        )}
        {remedy !== 'revision' && remedy !== 'final' && (
          <Button size="compact-xs" variant="default" onClick={() => void outbox.retry(entry.id)}>
            {t('outbox.retry')}
          </Button>
        )}
        <ConfirmButton
          size="compact-xs"
          question={{
            title: t('outbox.discardTitle'),
            text: stored ? said('keepServer') : t('outbox.discardText'),
            verb: t('outbox.discard'),
            danger: true,
          }}
          onConfirm={() => void outbox.discard(entry.id)}
        >
          {t('outbox.discard')}
        </ConfirmButton>
      </Group>
    </div>
  );
}
