import { http } from '@/api/http';
import { asProblem } from '@/api/problem';
import type { components } from '@/api/schema';
import { type Prompt, type SegmentationAssistant, Unable } from '@/engine/assist/assistant';
import { countsFromString, decode, type Patch } from '@/engine/mask/rle';
import type { Pixels } from '@/engine/tools/tool';

type Found = components['schemas']['FoundOut'];

const AGAIN_MS = 1000;
/** An encoder on a slow machine may take half a minute; a worker that died is followed by another after two. */
const MOST_ASKED = 240;

const pause = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, AGAIN_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

function patchOf({ x, y, size: [height = 0, width = 0], counts }: NonNullable<Found['mask']>): Patch {
  const runs = countsFromString(counts);
  if (!runs) throw new Error('The mask is damaged.');
  return { ...decode({ width, height, counts: runs }, 0, 0, width, height), x, y };
}

/** Finds objects with a network that the operator has installed, on the server. */
export class NetworkAssistant implements SegmentationAssistant {
  readonly name = 'network';

  constructor(
    private readonly model: string,
    /** Where the picture comes from as a whole; null of one that is looked at in parts. */
    private readonly picture: () => string | null,
  ) {}

  async segment(_pixels: Pixels, { box, points }: Prompt, signal: AbortSignal): Promise<Patch | null> {
    const image = this.picture();
    if (image === null) throw new Unable('whole_only');
    const sides = [box.minX, box.minY, box.maxX - box.minX, box.maxY - box.minY];
    const body = { model: this.model, image, box: sides, points };
    for (let asked = 0; asked < MOST_ASKED; asked += 1) {
      const found = await this.ask(body, signal);
      if (found?.state === 'ready') return found.mask && patchOf(found.mask);
      await pause(signal);
      signal.throwIfAborted();
    }
    throw new Error('The picture was not encoded in time.');
  }

  /** Null when the server has too much to do. */
  private async ask(body: object, signal: AbortSignal): Promise<Found | null> {
    try {
      return await http.post<Found>('/api/v1/assist/masks', { body, signal });
    } catch (error) {
      if (asProblem(error).code === 'assistant-busy') return null;
      throw error;
    }
  }
}
