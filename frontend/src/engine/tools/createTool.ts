import { SelectTool } from './SelectTool';
import type { Tool, ToolContext, ToolName } from './tool';

type Make = (context: ToolContext) => Tool;

/** A new tool is a file and a line here. */
const TOOLS: Partial<Record<ToolName, Make>> = {
  select: (context) => new SelectTool(context),
};

export function createTool(name: ToolName, context: ToolContext): Tool {
  const make = TOOLS[name];
  if (!make) throw new Error(`There is no tool ${name}.`);
  return make(context);
}
