import type { SegmentationAssistant } from './assist/assistant';
import type { Eyes } from './assist/eyes';
import type { ShapeDocument } from './model/document';
import type { SkeletonTemplate } from './model/shapes';
import type { Fault, Rules } from './model/validate';
import type { Refusal, ToolName, ToolSettings } from './tools/tool';

export interface EditorOptions {
  readonly rules?: Rules;
  readonly templates?: readonly SkeletonTemplate[];
  readonly settings?: Partial<ToolSettings>;
  /** Who finds objects for the assist tool, which fails where it is left out. */
  readonly assistant?: SegmentationAssistant;
  /** Who looks at the colours for the tools that do, which fail where it is left out. */
  readonly eyes?: Eyes;
  /** Ids for new shapes; random where it is left out. */
  readonly newId?: () => string;
}

/** What a page shows of the editor. A new object on each change, so it can be compared by identity. */
export interface EditorState {
  /** Rises with every picture that is opened. */
  readonly opened: number;
  readonly document: ShapeDocument;
  readonly selection: ReadonlySet<string>;
  readonly tool: ToolName;
  readonly classKey: string;
  readonly template: string | null;
  readonly settings: ToolSettings;
  readonly undoLabel: string | null;
  readonly redoLabel: string | null;
  /** Steps begun on this picture; one more for each that can be undone by itself. */
  readonly steps: number;
  readonly dirty: boolean;
  readonly hiddenClasses: ReadonlySet<string>;
  readonly allHidden: boolean;
  /** The tool `smart` has an operator's network behind it. */
  readonly hasNetwork: boolean;
}

export interface Complaint {
  readonly why: Refusal;
  readonly fault: Fault | null;
}

/** Without an assistant. */
export const NOBODY: SegmentationAssistant = {
  name: 'nobody',
  segment: () => Promise.reject(new Error('The editor was given no assistant.')),
};
/** Without eyes. */
export const BLIND: Eyes = { look: () => Promise.reject(new Error('The editor was given no eyes.')) };
export const DEFAULTS: ToolSettings = { brushSize: 24, wandTolerance: 24, wandGivesPolygon: true };
