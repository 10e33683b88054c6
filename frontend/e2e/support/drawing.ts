import type { Page } from '@playwright/test';
import { currentTask, draftOf, makeQueue, named, type Place } from './queue';

/** A queue that asks for shapes, and a hand that draws them. */

export const SCHEMA = {
  questions: [
    {
      key: 'parts',
      kind: 'shapes',
      title: { en: 'Draw every part', ko: '모든 부분을 그려 주세요' },
      tools: ['box', 'rotated_box', 'polygon', 'polyline', 'point', 'keypoints', 'mask'],
      allow_none: true,
      allow_cannot_tell: true,
      classes: [
        { key: 'body', names: { en: 'Body', ko: '몸통' } },
        { key: 'detail', names: { en: 'Detail', ko: '세부' } },
      ],
      skeletons: [
        {
          key: 'stick',
          names: ['top', 'middle', 'bottom'],
          edges: [
            [0, 1],
            [1, 2],
          ],
          layout: [
            { x: 0.5, y: 0 },
            { x: 0.5, y: 0.5 },
            { x: 0.5, y: 1 },
          ],
        },
      ],
      attributes: [
        {
          key: 'hidden',
          kind: 'single_choice',
          title: { en: 'How much is hidden?', ko: '얼마나 가려졌나요?' },
          required: false,
          for_classes: ['detail'],
          classes: [
            { key: 'none', names: { en: 'None', ko: '없음' } },
            { key: 'half', names: { en: 'Half', ko: '절반' } },
          ],
        },
      ],
    },
  ],
};

/** Makes a schema and a queue of pictures that asks its one question; whoever is signed in must lead the project. */
export const makeDrawingQueue = (page: Page, items = 120): Promise<Place> =>
  makeQueue(page, { name: named('Parts of things'), document: SCHEMA, questions: ['parts'], items });

export interface Drawn {
  id: string;
  type: string;
  class: string;
  [field: string]: unknown;
}

/** The shapes that the browser keeps under a name, as they were when the hand last rested. */
export async function keptAs(page: Page, name: string): Promise<Drawn[]> {
  const draft = (await draftOf(page, name)) as { drawn: { shapes: Drawn[] } } | null;
  return draft?.drawn.shapes ?? [];
}

/** What the browser keeps of the task on the table. */
export const kept = async (page: Page): Promise<Drawn[]> => keptAs(page, `${await currentTask(page)}:shapes`);

export const shapeRows = (page: Page) => page.locator('[data-shape]');

/** The demo's drawings are 64 pixels wide and shown four times as large; none of them fills the workbench. */
const SHOWN = 256;

/** A hand over the picture; places are shares of it, from its middle: -1 to 1. */
export class Hand {
  constructor(
    private readonly page: Page,
    private readonly canvas = '[data-picture] [role="application"]',
  ) {}

  private async place(x: number, y: number): Promise<[number, number]> {
    const box = await this.page.locator(this.canvas).boundingBox();
    if (!box) throw new Error('There is no picture to draw on.');
    const half = Math.min(box.width, box.height, SHOWN) / 2;
    return [box.x + box.width / 2 + x * half, box.y + box.height / 2 + y * half];
  }

  async click(x: number, y: number, options: { modifiers?: ('Shift' | 'Alt')[] } = {}): Promise<void> {
    const at = await this.place(x, y);
    for (const key of options.modifiers ?? []) await this.page.keyboard.down(key);
    await this.page.mouse.click(...at);
    for (const key of options.modifiers ?? []) await this.page.keyboard.up(key);
    // Two clicks on one spot within a third of a second are a double click.
    await this.page.waitForTimeout(60);
  }

  async drag(...path: (readonly [number, number])[]): Promise<void> {
    const [first, ...rest] = path;
    if (!first) return;
    await this.page.mouse.move(...(await this.place(...first)));
    await this.page.mouse.down();
    for (const at of rest) await this.page.mouse.move(...(await this.place(...at)), { steps: 4 });
    await this.page.mouse.up();
  }
}
