import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { openPath } from '../sources/folder.node.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { decodeInNode } from './decode.node.ts';
import { checkHeader } from './header.ts';

interface Expected {
  decodes: boolean;
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

  it('decodes or names what is wrong; nothing else escapes', async () => {
    for (const folder of ['made', 'image-rs'])
      for (const name of readdirSync(sharedData(`images-tricky/${folder}`))) {
        try {
          const pixels = await decodeInNode(bytesOf(`${folder}/${name}`), name, options);
          expect(pixels.length).toBe(24 * 24 * 3);
        } catch (error) {
          expect(error).toBeInstanceOf(StudioError);
          expect([name, (error as StudioError).code]).toEqual([name, expect.stringMatching(/^image-/)]);
        }
      }
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

  it('decodes the valid pictures of PngSuite and refuses the corrupt ones', async () => {
    const { files } = await openPath(sharedData('images-tricky/pngsuite.zip'));
    for (const file of files.filter((one) => one.path.endsWith('.png'))) {
      const decoded = await decodeInNode(await file.read(), file.path, options).then(
        () => true,
        (error: unknown) => !(error instanceof StudioError),
      );
      const corrupt = /(^|\/)x/.test(file.path);
      if (!corrupt) expect([file.path, decoded]).toEqual([file.path, true]);
    }
  });
});
