import { expect, it } from 'vitest';
import { random } from '../../core/random.ts';
import { describeShared, fetchShared } from '../../engine/testing/shared.browser.ts';
import { decodeBitmap } from './decode.browser.ts';
import { decodeFrame } from './frame.browser.ts';
import { checkHeader } from './header.ts';
import type { Picture } from './resize.ts';

/** The largest difference of colour where pixels are there at all. */
function difference(a: Picture, b: Picture): number {
  expect([a.width, a.height]).toEqual([b.width, b.height]);
  let most = 0;
  for (let i = 0; i < a.data.length; i++)
    if (a.data[i | 3] > 0) most = Math.max(most, Math.abs(a.data[i] - b.data[i]));
  return most;
}

/** Smooth colours with grain, as a JPEG of the browser's own: colour at half resolution. */
async function jpeg(width: number, height: number, seed: number): Promise<Uint8Array> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const draw = random(seed, 'jpeg');
  const [a, b, c] = [draw.uniform(), draw.uniform(), draw.uniform()].map((value) => value * 7);
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [(i % width) / 9, Math.floor(i / width) / 9];
    const waves = [Math.sin(x * a), Math.cos(y * b), Math.sin((x + y) * c)];
    image.data.set([...waves.map((wave) => 128 + 100 * wave + 30 * (draw.uniform() - 0.5)), 255], 4 * i);
  }
  context?.putImageData(image, 0, 0);
  return new Uint8Array(
    await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer(),
  );
}

it('colour at half resolution is brought to full as the bitmaps do it, to the bit', async () => {
  const sides = [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31, 130];
  for (const [seed, width] of sides.entries())
    for (const height of [1, 2, 5, 8, 17, 64]) {
      const bytes = await jpeg(width, height, seed);
      const frame = await decodeFrame(bytes, 'jpeg');
      if (!frame) throw new Error(`no frame of ${width} × ${height}`);
      expect(difference(frame, await decodeBitmap(bytes, 'jpeg')), `${width} × ${height}`).toBe(0);
    }
});

describeShared('tricky pictures', () => {
  interface Expected {
    decodes: boolean;
    size?: [number, number];
    orientation?: number;
  }

  it('frames are as bitmaps, upright', async () => {
    const list: Record<string, Expected> = JSON.parse(
      new TextDecoder().decode(await fetchShared('images-tricky/expected.json')),
    );
    let frames = 0;
    for (const [file, { decodes, size = [0, 0] }] of Object.entries(list)) {
      if (!decodes || size[0] * size[1] > 2 ** 24) continue;
      const bytes = new Uint8Array(await fetchShared(`images-tricky/${file}`));
      let frame: Picture | undefined;
      let type = '';
      try {
        type = checkHeader(bytes, file).type;
        frame = await decodeFrame(bytes, type);
      } catch {
        // Whether it is refused as it should be is another test's matter.
      }
      if (!frame) continue;
      frames++;
      expect([frame.width, frame.height], file).toEqual(size);
      expect(difference(frame, await decodeBitmap(bytes, type)), file).toBeLessThanOrEqual(1);
    }
    expect(frames).toBeGreaterThan(40);
  });
});
