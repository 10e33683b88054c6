import { enlarge, intoPart, isCutOff, outOfPart, spread } from '../image/part';
import { toPolygon } from '../mask/contour';
import { fillRing } from '../mask/fill';
import { encode, type Patch } from '../mask/rle';
import type { Geometry, Ring } from '../model/shapes';
import type { Frame, Pixels, Refusal } from '../tools/tool';
import type { Point, Size } from '../viewport';
import type { Prompt } from './assistant';
import { colourPatch } from './colours';
import { flood } from './flood';
import { type Scene, sceneAround } from './grabcutScene';
import { costWindow, explore } from './livewire';
import { largest } from './samples';
import type { Ways } from './ways';

/**
 * All that tools find in the colours of a picture, each a function of the picture and of what is asked, so that it can be
 * asked where the page does not wait for it.
 */

/** In samples: how far an outline may lie from the edge of those it was made of. */
const OUTLINE = 1.2;

/** What the shape is made for. */
interface Form {
  readonly polygon: boolean;
  /** Of the picture. */
  readonly size: Size;
}

export interface Wand extends Form {
  /** In pixels of the picture. */
  readonly point: Point;
  readonly tolerance: number;
}

export interface Waved {
  /** Or why it cannot be one. */
  readonly shape: Geometry | Refusal;
  /** It goes on behind the edge of what is seen. */
  readonly cutOff: boolean;
}

/** What has the colour under the point. Null outside the picture. */
function wand(pixels: Pixels, { point, tolerance, ...form }: Wand): Waved | null {
  const patch = flood(pixels, intoPart(pixels, point), tolerance);
  return patch && { shape: shape(pixels, { ...form, patch }), cutOff: isCutOff(pixels, patch, form.size) };
}

/** The cheapest ways from a point to all around it, over every `step`th sample. */
function wire(pixels: Pixels, { point, step }: { point: Point; step: number }): Ways {
  return explore(costWindow(pixels, point, step), point);
}

/** The object in a box, by its colours. */
function colours(pixels: Pixels, prompt: Prompt): Patch | null {
  return colourPatch(pixels, prompt);
}

/** The samples of which GrabCut makes a cut. Null where there is nothing outside or inside to learn from. */
function scene(pixels: Pixels, prompt: Prompt): Scene | null {
  return sceneAround(pixels, prompt);
}

/** The object among the samples that were cut out of a scene, in those of the picture. */
function cut(frame: Frame, { scene, inside }: { scene: Scene; inside: Uint8Array }): Patch {
  const { width, height } = scene;
  const data = largest(inside, scene.fixed, width, height);
  return spread(scene, { x: 0, y: 0, width, height, data }, frame);
}

/** What was found among samples as a polygon or a mask of the picture, or why it cannot be one. */
function shape(frame: Frame, { patch, polygon, size }: Form & { patch: Patch }): Geometry | Refusal {
  const rings = polygon ? toPolygon(patch, OUTLINE) : null;
  if (rings) return { kind: 'polygon', rings: rings.map((ring) => outOfPart(frame, ring, size)) };
  const large = enlarge(frame, patch, size);
  return large ? { kind: 'mask', mask: encode(large, size.width, size.height) } : 'too_coarse';
}

/** What a line goes around that crosses itself. In samples: in pixels the ink in a large picture would fill the memory. */
function around(
  _frame: Frame,
  { line, step, size }: { line: Ring; step: number; size: Size },
): Ring[] | null {
  const thinned = { step };
  const rings = toPolygon(fillRing(line.map((point) => intoPart(thinned, point))), OUTLINE);
  return rings?.map((ring) => outOfPart(thinned, ring, size)) ?? null;
}

export const SIGHTS = { wand, wire, colours, scene, cut, shape, around };

export type Sights = typeof SIGHTS;
