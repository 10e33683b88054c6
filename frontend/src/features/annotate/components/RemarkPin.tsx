import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stage } from '../state/stage';
import type { Work } from '../state/work';

const PinLayer = lazy(() => import('@/shared/ui/PinLayer').then((m) => ({ default: m.PinLayer })));

/** The place that a reviewer means, on the picture. */
export function RemarkPin({ stage, work }: { stage: Stage; work: Work | null }) {
  const { t } = useTranslation('annotate');
  // The engine is there once the picture is.
  const picture = useSyncExternalStore(stage.subscribe, stage.picture);
  const remark = work?.remark;
  if (!stage.view || picture !== 'shown' || !remark || remark.x === null || remark.y === null) return null;
  return (
    <Suspense>
      <PinLayer view={stage.view} pins={[{ x: remark.x, y: remark.y, name: t('remark.pin') }]} />
    </Suspense>
  );
}
