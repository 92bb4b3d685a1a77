/**
 * JPEG's colour at half resolution brought to full and turned into RGB, to the bit as libjpeg does it (jdsample.c, `h2v2_fancy_upsample`; jdcolor.c): a
 * triangle filter, ¾ of the nearer and ¼ of the further sample in each direction, then the inverse of JFIF's YCbCr.
 */
interface Plane {
  data: Uint8Array;
  /** Bytes of a row. */
  stride: number;
}

/** Sixteen bits behind the point, as libjpeg counts. */
const fixed = (value: number) => Math.floor(value * 65536 + 0.5);
const half = 32768;
const redOf = new Int16Array(256);
const blueOf = new Int16Array(256);
const greenOfRed = new Int32Array(256);
const greenOfBlue = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  const x = i - 128;
  redOf[i] = (fixed(1.402) * x + half) >> 16;
  blueOf[i] = (fixed(1.772) * x + half) >> 16;
  greenOfRed[i] = -fixed(0.71414) * x;
  greenOfBlue[i] = -fixed(0.34414) * x + half;
}

/**
 * @param blue Cb, and `red` Cr, each ⌈width / 2⌉ × ⌈height / 2⌉
 * @returns RGBA, `width × height × 4`
 */
export function chromaUpsampled(
  width: number,
  height: number,
  luma: Plane,
  blue: Plane,
  red: Plane,
): Uint8Array {
  const columns = Math.ceil(width / 2);
  const rows = Math.ceil(height / 2);
  const data = new Uint8ClampedArray(width * height * 4);
  const blues = new Uint8Array(2 * columns);
  const reds = new Uint8Array(2 * columns);
  for (let y = 0; y < height; y++) {
    const near = y >> 1;
    const far = Math.min(rows - 1, Math.max(0, y % 2 === 0 ? near - 1 : near + 1));
    spread(blue, near, far, columns, blues);
    spread(red, near, far, columns, reds);
    let to = y * width * 4;
    const from = y * luma.stride;
    for (let x = 0; x < width; x++, to += 4) {
      const light = luma.data[from + x];
      const cb = blues[x];
      const cr = reds[x];
      data[to] = light + redOf[cr];
      data[to + 1] = light + ((greenOfBlue[cb] + greenOfRed[cr]) >> 16);
      data[to + 2] = light + blueOf[cb];
      data[to + 3] = 255;
    }
  }
  return new Uint8Array(data.buffer);
}

/** A row between two rows, twice as long. Of two samples or fewer a row is only doubled, in both directions. */
function spread({ data, stride }: Plane, near: number, far: number, columns: number, to: Uint8Array): void {
  const a = near * stride;
  if (columns <= 2) {
    for (let i = 0; i < columns; i++) to.fill(data[a + i], 2 * i, 2 * i + 2);
    return;
  }
  const b = far * stride;
  const sum = (i: number) => 3 * data[a + i] + data[b + i];
  let before = sum(0);
  let here = before;
  let after = sum(1);
  to[0] = (here * 4 + 8) >> 4;
  to[1] = (here * 3 + after + 7) >> 4;
  for (let i = 1; i < columns - 1; i++) {
    before = here;
    here = after;
    after = sum(i + 1);
    to[2 * i] = (here * 3 + before + 8) >> 4;
    to[2 * i + 1] = (here * 3 + after + 7) >> 4;
  }
  before = here;
  here = after;
  to[2 * columns - 2] = (here * 3 + before + 8) >> 4;
  to[2 * columns - 1] = (here * 4 + 7) >> 4;
}
