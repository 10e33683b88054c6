import type { Frame, Pixels } from '../tools/tool';
import type { Sights } from './sights';

export type SightName = keyof Sights;
export type Asked<Name extends SightName> = Parameters<Sights[Name]>[1];
export type Seen<Name extends SightName> = ReturnType<Sights[Name]>;

/** Only these look at the colours; the others want to know where the samples lie. */
type Looked<Name extends SightName> = Parameters<Sights[Name]>[0] extends Pixels ? Pixels : Frame;

/**
 * Whoever looks at the picture for the tools: a worker, so that the page does not stand still, or the page itself where
 * there is none. An answer that is there at once need not be waited for.
 */
export interface Eyes {
  look<Name extends SightName>(
    name: Name,
    pixels: Looked<Name>,
    asked: Asked<Name>,
    signal: AbortSignal,
  ): Seen<Name> | Promise<Seen<Name>>;
  /** The tool that is going to look at this is in the hand. */
  prepare?(pixels: Pixels): void;
}
