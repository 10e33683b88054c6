import { AssistTool } from './AssistTool';
import { LivewireTool, WandTool } from './assistTools';
import { MaskTool } from './MaskTool';
import { CutTool, PolygonTool, PolylineTool, SliceTool } from './pathTools';
import { SelectTool } from './SelectTool';
import { BoxTool, KeyPointsTool, PointTool, RotatedBoxTool } from './shapeTools';
import type { Tool, ToolContext, ToolName } from './tool';

type Make = (context: ToolContext) => Tool;

/** A new tool is a file and a line here. */
const TOOLS: Record<ToolName, Make> = {
  select: (context) => new SelectTool(context),
  box: (context) => new BoxTool(context),
  rotated_box: (context) => new RotatedBoxTool(context),
  polygon: (context) => new PolygonTool(context),
  polyline: (context) => new PolylineTool(context),
  point: (context) => new PointTool(context),
  keypoints: (context) => new KeyPointsTool(context),
  cut: (context) => new CutTool(context),
  slice: (context) => new SliceTool(context),
  brush: (context) => new MaskTool(context, 'brush'),
  eraser: (context) => new MaskTool(context, 'eraser'),
  wand: (context) => new WandTool(context),
  livewire: (context) => new LivewireTool(context),
  assist: (context) => new AssistTool(context, context.assistant, 'assist'),
  smart: (context) => new AssistTool(context, context.network ?? context.assistant, 'smart'),
};

export function createTool(name: ToolName, context: ToolContext): Tool {
  return TOOLS[name](context);
}
