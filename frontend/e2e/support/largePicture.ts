import { crc32, deflateSync } from 'node:zlib';

/** A PNG of flat colours, larger than one bitmap should be: the same bytes on every run. */

export interface Mark {
  x: number;
  y: number;
  radius: number;
  /** Which colour of the palette. */
  colour: number;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** The first colour fills the picture, the second draws a line every 500 pixels, marks are discs. */
export function largePicture(
  width: number,
  height: number,
  palette: readonly (readonly [number, number, number])[],
  marks: readonly Mark[],
): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const row = rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1));
    if (y % 500 === 0) row.fill(1);
    else for (let x = 0; x < width; x += 500) row[x] = 1;
    for (const { x, y: middle, radius, colour } of marks) {
      const half = Math.floor(Math.sqrt(Math.max(0, radius ** 2 - (y + 0.5 - middle) ** 2)));
      if (half > 0) row.fill(colour, x - half, x + half);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
