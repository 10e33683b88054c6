import type { RefObject } from 'react';

/** What the keys of the workbench ask of a body that is not a list of classes. */
export interface BodyKeys {
  pick: (key: string, stamp: number) => void;
  submit: (stamp: number) => void;
  none: (stamp: number) => void;
  cannotTell: (stamp: number) => void;
}

/** The keys are registered by the workbench, the body comes later. */
export const toBody = (body: RefObject<BodyKeys | null>): BodyKeys => ({
  pick: (key, stamp) => body.current?.pick(key, stamp),
  submit: (stamp) => body.current?.submit(stamp),
  none: (stamp) => body.current?.none(stamp),
  cannotTell: (stamp) => body.current?.cannotTell(stamp),
});
