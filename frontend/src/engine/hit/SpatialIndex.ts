import Flatbush from 'flatbush';
import { shapeBounds } from '../model/bounds';
import type { ShapeDocument } from '../model/document';
import type { Bounds, Shape } from '../model/shapes';

/** From here on a tree is quicker than looking at every bounding box. */
const TREE_FROM = 64;
/** So many shapes may change before the tree is built anew. */
const LOOSE_LIMIT = 256;

/**
 * Finds the shapes whose bounds meet a rectangle. The tree is built for one document; shapes that differ from it are kept
 * beside it until there are too many, so that a change of one shape among ten thousand costs nothing.
 */
export class SpatialIndex {
  private tree: Flatbush | null = null;
  private treeShapes: readonly Shape[] = [];
  private document: ShapeDocument | null = null;
  /** Place in the stack of every shape of the current document. */
  private places = new Map<Shape, number>();
  private loose: Shape[] = [];

  update(document: ShapeDocument): void {
    if (document.shapes === this.document?.shapes) return;
    this.document = document;
    this.places = new Map(document.shapes.map((shape, at) => [shape, at]));
    const indexed = this.tree ? new Set(this.treeShapes) : null;
    const loose = indexed ? document.shapes.filter((shape) => !indexed.has(shape)) : null;
    if (loose && loose.length <= LOOSE_LIMIT) this.loose = loose;
    else this.build(document.shapes);
  }

  /** From the lowest to the highest. */
  search(area: Bounds): Shape[] {
    const found: Shape[] = [];
    for (const shape of this.loose) if (meets(shapeBounds(shape), area)) found.push(shape);
    for (const at of this.tree?.search(area.minX, area.minY, area.maxX, area.maxY) ?? []) {
      const shape = this.treeShapes[at];
      if (shape && this.places.has(shape)) found.push(shape);
    }
    return found.sort((a, b) => (this.places.get(a) ?? 0) - (this.places.get(b) ?? 0));
  }

  private build(shapes: readonly Shape[]): void {
    const solid = shapes.filter((shape) => {
      const b = shapeBounds(shape);
      return b.minX <= b.maxX && b.minY <= b.maxY;
    });
    if (solid.length < TREE_FROM) {
      this.tree = null;
      this.treeShapes = [];
      this.loose = solid;
      return;
    }
    const tree = new Flatbush(solid.length);
    for (const shape of solid) {
      const b = shapeBounds(shape);
      tree.add(b.minX, b.minY, b.maxX, b.maxY);
    }
    tree.finish();
    this.tree = tree;
    this.treeShapes = solid;
    this.loose = [];
  }
}

const meets = (a: Bounds, b: Bounds): boolean =>
  a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
