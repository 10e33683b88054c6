import type { Geometry } from '../model/shapes';
import { addNew } from './shapeTools';
import type { Refusal, ToolContext } from './tool';

/** What was found becomes a shape. False when it could not, which has been told then. */
export function addFound(context: ToolContext, found: Geometry | Refusal): boolean {
  if (typeof found !== 'string') return addNew(context, found);
  context.refuse(found);
  return false;
}
