import { enlarge, outOfPart } from '../image/part';
import { toPolygon } from '../mask/contour';
import { encode, type Patch } from '../mask/rle';
import { addNew } from './shapeTools';
import type { Pixels, ToolContext } from './tool';

/** What was found among samples becomes a shape: a polygon or a mask, as is set. False when it could not. */
export function addPatch(context: ToolContext, pixels: Pixels, patch: Patch, tolerance: number): boolean {
  const { document, settings } = context;
  const rings = settings.wandGivesPolygon ? toPolygon(patch, tolerance) : null;
  if (rings)
    return addNew(context, {
      kind: 'polygon',
      rings: rings.map((ring) => outOfPart(pixels, ring, document)),
    });
  const large = enlarge(pixels, patch, document);
  if (!large) {
    context.refuse('too_coarse');
    return false;
  }
  return addNew(context, { kind: 'mask', mask: encode(large, document.width, document.height) });
}
