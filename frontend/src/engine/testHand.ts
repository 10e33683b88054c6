import type { Editor } from './editor';
import type { ToolKey, ToolPointer } from './tools/tool';

/** A hand for tests: presses, draws and types on an editor without a DOM. Coordinates are pixels of the picture. */

type Held = Partial<Omit<ToolPointer, 'point' | 'screen'>>;

export function pointerAt(editor: Editor, x: number, y: number, held: Held = {}): ToolPointer {
  const { scale } = editor;
  return {
    point: { x, y },
    screen: { x: x * scale, y: y * scale },
    type: 'mouse',
    pressure: 0.5,
    shift: false,
    alt: false,
    ctrl: false,
    clicks: 1,
    ...held,
  };
}

export function click(editor: Editor, x: number, y: number, held: Held = {}): void {
  editor.pointer('move', pointerAt(editor, x, y, held));
  editor.pointer('down', pointerAt(editor, x, y, held));
  editor.pointer('up', pointerAt(editor, x, y, held));
}

export function drag(editor: Editor, path: readonly (readonly [number, number])[], held: Held = {}): void {
  path.forEach(([x, y], at) => {
    editor.pointer(at === 0 ? 'down' : 'move', pointerAt(editor, x, y, held));
  });
  const [x, y] = path.at(-1) ?? [0, 0];
  editor.pointer('up', pointerAt(editor, x, y, held));
}

export const press = (editor: Editor, code: string, held: Partial<ToolKey> = {}): boolean =>
  editor.key({ code, shift: false, alt: false, ctrl: false, ...held });
