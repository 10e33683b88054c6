import { Button } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyOf } from '../components/KeyOf';
import { PanelFrame } from '../components/PanelFrame';
import type { BodyProps } from '../shapes/ShapeBody';
import type { Asked } from '../types';
import { useAnswerWords } from '../useAnswerWords';
import { Questions } from './Questions';
import type { Sheet } from './Sheet';
import { Standing, useMissing } from './Standing';
import { useSheet } from './useSheet';

interface Props extends Omit<BodyProps, 'keys' | 'index'> {
  asked: readonly Asked[];
}

/** The body of the workbench for several questions about one item. */
export function SeveralBody(props: Props) {
  // Here, so that no question comes late because of its words.
  useTranslation(['fields', 'shapes']);
  const sheet = useSheet(props);
  return sheet && <Panel {...props} sheet={sheet} />;
}

function Panel(props: Props & { sheet: Sheet }) {
  const { asked, data, session, stage, snapshot, skipping, search, rail, on, sheet } = props;
  const { t } = useTranslation('annotate');
  const state = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  const picture = useSyncExternalStore(stage.subscribe, stage.picture);
  const missing = useMissing(sheet);
  const wordsOf = useAnswerWords(data);
  const { current, readOnly } = snapshot;
  const disabled = !current || readOnly;

  const send = async (stamp: number) => {
    // An answer to a picture that is not on the screen says nothing about it.
    if (!current || readOnly || picture !== 'shown') return;
    const answer = sheet.collect();
    if (!answer) return;
    stage.timer.begin(stamp);
    on.setSkipping(false);
    const { desk } = sheet;
    sheet.sending();
    desk?.sending();
    const stored = await session.submit(answer, wordsOf(answer));
    await Promise.all([sheet.settled(current.task, stored), desk?.settled(current.task, stored)]);
  };
  const submit = (stamp: number) => sheet.whenStill(() => void send(stamp));
  return (
    <PanelFrame
      {...props}
      title={t('several.title')}
      hint={t('several.hint')}
      restored={snapshot.restored || state.restored}
      footer={
        <>
          <Standing sheet={sheet} />
          <Button
            disabled={disabled || picture !== 'shown'}
            variant={missing > 0 ? 'default' : 'filled'}
            onClick={(event) => submit(event.timeStamp)}
            rightSection={<KeyOf action="submit" />}
          >
            {snapshot.back > 0 ? t('submitAgain') : t('submit')}
          </Button>
        </>
      }
    >
      <Questions
        {...{ asked, sheet, session, stage, search, rail, readOnly, skipping }}
        idle={!current}
        onSubmit={submit}
      />
    </PanelFrame>
  );
}
