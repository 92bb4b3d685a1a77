import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openPath } from '../sources/folder.node.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { decodeInNode } from './decode.node.ts';
import { checkHeader } from './header.ts';
import { alikeOrLenient, type Outcome, outcomeOf } from './testing/outcomes.ts';

interface Expected extends Outcome {
  format?: string;
  stored_size?: [number, number];
}

const options = { size: 24, fit: 'stretch', background: '#ffffff' } as const;
const bytesOf = (path: string) => new Uint8Array(readFileSync(sharedData(`images-tricky/${path}`)));

/** Mean difference of two pictures' bytes. */
const distance = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, byte, i) => sum + Math.abs(byte - b[i]), 0) / a.length;

describeShared('tricky pictures', () => {
  const expected: Record<string, Expected> = JSON.parse(
    readFileSync(sharedData('images-tricky/expected.json'), 'utf8'),
  );
  const known = Object.entries(expected).filter(
    ([, { decodes, format }]) => decodes && ['PNG', 'JPEG', 'WEBP', 'GIF', 'BMP'].includes(format ?? ''),
  );

  it('headers state the dimensions that the decoder finds', () => {
    for (const [path, { stored_size: size }] of known) {
      const tooLarge = size && size[0] * size[1] > 1e8;
      // Pillow grows the screen of a GIF whose frame is larger; browsers and sharp keep the stated screen.
      if (tooLarge || /truncated|oversized/.test(path)) continue;
      const { width, height } = checkHeader(bytesOf(path), path);
      expect([path, width, height]).toEqual([path, ...(size ?? [])]);
    }
  });

  it('turns every EXIF orientation the right way up', async () => {
    for (const kind of ['Landscape', 'Portrait']) {
      const upright = await decodeInNode(bytesOf(`exif-orientation/${kind}_1.jpg`), kind, options);
      // What a wrong turn would measure.
      expect(distance(upright.toReversed(), upright)).toBeGreaterThan(30);
      for (let orientation = 2; orientation <= 8; orientation++) {
        const file = `exif-orientation/${kind}_${orientation}.jpg`;
        const turned = await decodeInNode(bytesOf(file), file, options);
        expect([file, distance(turned, upright) < 12]).toEqual([file, true]);
      }
    }
  });

  it('every one comes to what the list says', async () => {
    const wrong: string[] = [];
    for (const [path, wanted] of Object.entries(expected)) {
      const found = await outcomeOf(() => decodeInNode(bytesOf(path), path, options));
      if (!alikeOrLenient(path, wanted, found, 'sharp')) wrong.push(`${path}: ${found}`);
    }
    expect(wrong).toEqual([]);
    expect(Object.keys(expected).length).toBeGreaterThan(110);
  });

  it.each([
    ['bomb-20000x20000-gray1.png', 'image-too-large'],
    ['empty.png', 'image-decode'],
    ['html-named.jpg', 'image-decode'],
    ['svg-script.svg', 'image-decode'],
    ['truncated-half.jpg', 'image-decode'],
    ['truncated-png.png', 'image-decode'],
    ['huge-header-no-data.png', expect.stringMatching(/^image-/)],
  ])('refuses %s', async (name, code) => {
    await expect(decodeInNode(bytesOf(`made/${name}`), name, options)).rejects.toMatchObject({ code });
  });

  it.each([
    'jpeg-named.png',
    'png-named.jpg',
    'cmyk.jpg',
    'gray16.png',
    'progressive.jpg',
    'palette-trns.png',
    'animated.webp',
    'photo.avif',
  ])('decodes %s', async (name) => {
    expect((await decodeInNode(bytesOf(`made/${name}`), name, options)).length).toBe(24 * 24 * 3);
  });

  it('PngSuite: every valid picture comes in, the corrupt ones do not', async () => {
    const all: Record<string, Outcome> = JSON.parse(
      readFileSync(sharedData('images-tricky/pngsuite.expected.json'), 'utf8'),
    );
    const { files } = await openPath(sharedData('images-tricky/pngsuite.zip'));
    expect(files.length).toBe(175);
    const wrong: string[] = [];
    for (const { path, read } of files) {
      const bytes = await read();
      const found = await outcomeOf(() => decodeInNode(bytes, path, options));
      if (!alikeOrLenient(path, all[path], found, 'sharp')) wrong.push(`${path}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });
});
