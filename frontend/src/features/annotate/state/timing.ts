/** How long it takes from a key to the next picture on the screen: the one figure that annotators feel. */

declare global {
  interface Window {
    /** Milliseconds from key to painted picture, one a submit; read by the browser test. */
    __touchstoneTimings?: number[];
  }
}

const KEEP = 500;

export class PaintTimer {
  private from: number | null = null;

  /** A key or click that will bring the next picture; its own time stamp, or now. */
  begin(stamp = performance.now()): void {
    this.from = stamp;
    performance.mark('touchstone:answer', { startTime: stamp });
  }

  /** The picture has been drawn to its canvas: measured once the frame that shows it is over. */
  painted(): void {
    const from = this.from;
    if (from === null) return;
    this.from = null;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        const now = performance.now();
        performance.measure('touchstone:next-picture', { start: from, end: now });
        window.__touchstoneTimings ??= [];
        window.__touchstoneTimings.push(now - from);
        if (window.__touchstoneTimings.length > KEEP) window.__touchstoneTimings.shift();
      };
      port2.postMessage(null);
    });
  }
}
