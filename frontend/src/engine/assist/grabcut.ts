/**
 * GrabCut by OpenCV on a small picture: Gaussian mixtures of the colours inside and outside, and the cheapest cut between
 * them. Source: Rother, Kolmogorov & Blake 2004, as OpenCV 4.12 has it.
 */

/** What is used of OpenCV. */
interface Mat {
  readonly data: Uint8Array;
  delete(): void;
}
export interface Cv {
  Mat: new (rows?: number, columns?: number, type?: number) => Mat;
  Rect: new (x: number, y: number, width: number, height: number) => unknown;
  CV_8UC1: number;
  CV_8UC3: number;
  GC_INIT_WITH_MASK: number;
  grabCut(image: Mat, mask: Mat, rect: unknown, back: Mat, front: Mat, rounds: number, mode: number): void;
}

/** OpenCV before its WebAssembly is compiled. */
export type LoadingCv = Cv & { then?: (told: (cv: LoadingCv) => void) => void };

/** It resolves to itself: as long as it can be waited for, it is waited for without end. */
export function readyCv(module: LoadingCv): Promise<Cv> {
  return new Promise((resolve) => {
    module.then?.((loaded) => {
      delete loaded.then;
      resolve(loaded);
    });
  });
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  /** RGB, row by row. */
  readonly colours: Uint8Array;
  /** -1 is surely outside, 1 surely inside, 0 open. */
  readonly fixed: Int8Array;
}

/** The values of OpenCV's mask. */
const [OUTSIDE, INSIDE, PERHAPS_INSIDE] = [0, 1, 3] as const;
const ROUNDS = 4;

/** 1 for each sample of the object. Colours: nothing is known where all is outside, or nothing is. */
export function grabCut(cv: Cv, { width, height, colours, fixed }: Scene): Uint8Array {
  const image = new cv.Mat(height, width, cv.CV_8UC3);
  const mask = new cv.Mat(height, width, cv.CV_8UC1);
  const [back, front] = [new cv.Mat(), new cv.Mat()];
  try {
    image.data.set(colours);
    mask.data.set(
      Uint8Array.from(fixed, (side) => (side < 0 ? OUTSIDE : side > 0 ? INSIDE : PERHAPS_INSIDE)),
    );
    const all = new cv.Rect(0, 0, width, height);
    cv.grabCut(image, mask, all, back, front, ROUNDS, cv.GC_INIT_WITH_MASK);
    return Uint8Array.from(mask.data, (value) => Number(value === INSIDE || value === PERHAPS_INSIDE));
  } finally {
    for (const mat of [image, mask, back, front]) mat.delete();
  }
}
