import { countsFromString, countsToString } from '../mask/rle';
import type { Point } from '../viewport';
import { normalAngle } from './geometry';
import type { Attributes, AttributeValue, KeyPoint, Ring, Shape, Visibility } from './shapes';

/** The label format, described in ../README.md. What is written is stable: the same shapes give the same bytes. */

export interface ShapeJson {
  readonly id: string;
  readonly type: Shape['kind'];
  readonly class: string;
  readonly attributes?: Attributes;
  readonly hidden?: true;
  readonly locked?: true;
  /** box: [x, y, width, height]; rotated_box: [cx, cy, width, height, angle]. */
  readonly box?: readonly number[];
  /** polygon: flat [x, y, x, y ...], outline first, then holes. */
  readonly rings?: readonly (readonly number[])[];
  /** polyline: flat [x, y ...]; point: [x, y]; keypoints: flat [x, y, visibility ...]. */
  readonly points?: readonly number[];
  readonly template?: string;
  readonly rle?: { readonly size: readonly [number, number]; readonly counts: string };
}

export type ReadProblem = 'not_a_list' | 'not_a_shape' | 'unknown_type' | 'bad_field';

export interface ReadFault {
  readonly code: ReadProblem;
  /** Place in the list, -1 for the list itself. */
  readonly index: number;
  readonly field?: string;
}

/** Hundredths of a pixel, without -0. */
export const hundredths = (value: number): number => Math.round(value * 100) / 100 + 0;

const flat = (points: readonly Point[]): number[] =>
  points.flatMap((p) => [hundredths(p.x), hundredths(p.y)]);

export function shapeToJson(shape: Shape): ShapeJson {
  const keys = Object.keys(shape.attributes).sort();
  return {
    id: shape.id,
    type: shape.kind,
    class: shape.classKey,
    ...geometryToJson(shape),
    ...(keys.length > 0 && {
      attributes: Object.fromEntries(keys.flatMap((key) => [[key, shape.attributes[key] ?? '']])),
    }),
    ...(shape.hidden && { hidden: true }),
    ...(shape.locked && { locked: true }),
  };
}

export const shapesToJson = (shapes: readonly Shape[]): ShapeJson[] => shapes.map(shapeToJson);

function geometryToJson(shape: Shape): Partial<ShapeJson> {
  switch (shape.kind) {
    case 'box':
      return { box: [shape.x, shape.y, shape.width, shape.height].map(hundredths) };
    case 'rotated_box': {
      const angle = normalAngle(hundredths(shape.angle));
      return { box: [...[shape.cx, shape.cy, shape.width, shape.height].map(hundredths), hundredths(angle)] };
    }
    case 'polygon':
      return { rings: shape.rings.map(flat) };
    case 'polyline':
      return { points: flat(shape.points) };
    case 'point':
      return { points: flat([shape]) };
    case 'keypoints':
      return {
        template: shape.template,
        points: shape.points.flatMap((p) =>
          p.visibility === 0 ? [0, 0, 0] : [hundredths(p.x), hundredths(p.y), p.visibility],
        ),
      };
    case 'mask': {
      const { width, height, counts } = shape.mask;
      return { rle: { size: [height, width], counts: countsToString(counts) } };
    }
  }
}

export interface ReadResult {
  readonly shapes: readonly Shape[];
  readonly faults: readonly ReadFault[];
}

/** Reads what somebody else wrote. A shape that cannot be read is told of and left out; geometry is for `validate`. */
export function shapesFromJson(value: unknown): ReadResult {
  if (!Array.isArray(value)) return { shapes: [], faults: [{ code: 'not_a_list', index: -1 }] };
  const shapes: Shape[] = [];
  const faults: ReadFault[] = [];
  value.forEach((entry: unknown, index) => {
    const read = new Reader(entry);
    const shape = read.shape();
    if (shape && !read.fault) shapes.push(shape);
    else faults.push({ index, ...(read.fault ?? { code: 'not_a_shape' }) });
  });
  return { shapes, faults };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number' && Number.isFinite(entry));

const isAttribute = (value: unknown): value is AttributeValue =>
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (Array.isArray(value) && value.every((entry) => typeof entry === 'string'));

const isVisibility = (value: unknown): value is Visibility => value === 0 || value === 1 || value === 2;

/** Reads one shape; the first thing that is wrong is kept in `fault`. */
class Reader {
  fault: { code: ReadProblem; field?: string } | null = null;
  private readonly source: Record<string, unknown>;

  constructor(entry: unknown) {
    this.source = isRecord(entry) ? entry : {};
    if (!isRecord(entry)) this.fault = { code: 'not_a_shape' };
  }

  shape(): Shape | null {
    if (this.fault) return null;
    const common = {
      id: this.text('id'),
      classKey: this.text('class', true),
      attributes: this.attributes(),
      hidden: this.source.hidden === true,
      locked: this.source.locked === true,
    };
    switch (this.source.type) {
      case 'box': {
        const [x = 0, y = 0, width = 0, height = 0] = this.numbers('box', 4);
        return { ...common, kind: 'box', x, y, width, height };
      }
      case 'rotated_box': {
        const [cx = 0, cy = 0, width = 0, height = 0, angle = 0] = this.numbers('box', 5);
        return { ...common, kind: 'rotated_box', cx, cy, width, height, angle: normalAngle(angle) };
      }
      case 'polygon':
        return { ...common, kind: 'polygon', rings: this.rings() };
      case 'polyline':
        return { ...common, kind: 'polyline', points: this.pairs('points', this.source.points) };
      case 'point': {
        const [x = 0, y = 0] = this.numbers('points', 2);
        return { ...common, kind: 'point', x, y };
      }
      case 'keypoints':
        return { ...common, kind: 'keypoints', template: this.text('template'), points: this.keyPoints() };
      case 'mask':
        return { ...common, kind: 'mask', mask: this.mask() };
      default:
        this.fault ??= { code: 'unknown_type', field: 'type' };
        return null;
    }
  }

  private bad(field: string): void {
    this.fault ??= { code: 'bad_field', field };
  }

  private text(field: string, mayBeEmpty = false): string {
    const value = this.source[field];
    if (typeof value === 'string' && (mayBeEmpty || value !== '')) return value;
    this.bad(field);
    return '';
  }

  private attributes(): Attributes {
    const value = this.source.attributes;
    if (value === undefined) return {};
    if (!isRecord(value)) this.bad('attributes');
    const entries: [string, AttributeValue][] = [];
    for (const [key, entry] of Object.entries(isRecord(value) ? value : {})) {
      if (isAttribute(entry)) entries.push([key, entry]);
      else this.bad(`attributes.${key}`);
    }
    return Object.fromEntries(entries);
  }

  private numbers(field: string, length: number): readonly number[] {
    const value = this.source[field];
    if (isNumbers(value) && value.length === length) return value;
    this.bad(field);
    return [];
  }

  private pairs(field: string, value: unknown): Point[] {
    if (!isNumbers(value) || value.length % 2 !== 0) {
      this.bad(field);
      return [];
    }
    return Array.from({ length: value.length / 2 }, (_, i) => ({
      x: value[2 * i] ?? 0,
      y: value[2 * i + 1] ?? 0,
    }));
  }

  private rings(): Ring[] {
    const { rings } = this.source;
    if (Array.isArray(rings)) return rings.map((ring: unknown) => this.pairs('rings', ring));
    this.bad('rings');
    return [];
  }

  private keyPoints(): KeyPoint[] {
    const { points } = this.source;
    if (!isNumbers(points) || points.length % 3 !== 0) {
      this.bad('points');
      return [];
    }
    return Array.from({ length: points.length / 3 }, (_, i) => {
      const visibility = points[3 * i + 2];
      if (!isVisibility(visibility)) this.bad('points');
      return {
        x: points[3 * i] ?? 0,
        y: points[3 * i + 1] ?? 0,
        visibility: isVisibility(visibility) ? visibility : 0,
      };
    });
  }

  private mask() {
    const rle = isRecord(this.source.rle) ? this.source.rle : {};
    const { size, counts: written } = rle;
    const counts =
      typeof written === 'string' ? countsFromString(written) : isNumbers(written) ? written : null;
    if (!counts || !isNumbers(size) || size.length !== 2) this.bad('rle');
    const [height = 0, width = 0] = isNumbers(size) ? size : [];
    return { width, height, counts: counts ?? [] };
  }
}
