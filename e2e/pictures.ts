/** A folder as a person would have it: drawn pictures with captions.txt, one broken picture, one empty caption, one missing file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { generateShapes } from '../src/data/synthetic/shapes.ts';

/** Pictures that can be used, of `count` drawn. */
export async function makeFolder(folder: string, count = 120): Promise<{ usable: number }> {
  const { files, pixels, size, captions } = await generateShapes({ count, size: 32, seed: 5 });
  mkdirSync(join(folder, 'Images'), { recursive: true });
  const rows = ['image,caption'];
  for (const [index] of files.entries()) {
    const name = `picture-${String(index).padStart(3, '0')}.png`;
    const raw = pixels.subarray(index * size * size * 3, (index + 1) * size * size * 3);
    const bytes = await sharp(raw, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toBuffer();
    // The first is cut short, the second has no words.
    writeFileSync(join(folder, 'Images', name), index === 0 ? bytes.subarray(0, 60) : bytes);
    rows.push(`${name},${index === 1 ? '' : captions[index][0]}`);
  }
  rows.push('gone.png,a picture that is not there');
  writeFileSync(join(folder, 'captions.txt'), `${rows.join('\n')}\n`);
  return { usable: count - 2 };
}
