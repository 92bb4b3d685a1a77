import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../testing/shared.ts';
import { wav } from '../testing/wav.ts';
import { decodeSound } from './decode.ts';
import { decodeWav } from './wav.ts';

const read = (bytes: Uint8Array) => [...decodeWav(bytes, 'a.wav').samples];

test('every form gives the same three samples: silence, a half, the lowest', () => {
  const wanted = [0, 0.5, -1];
  expect(read(wav([128, 192, 0], { format: '1/8' }))).toEqual(wanted);
  expect(read(wav([0, 2 ** 14, -(2 ** 15)]))).toEqual(wanted);
  expect(read(wav([0, 2 ** 22, -(2 ** 23)], { format: '1/24' }))).toEqual(wanted);
  expect(read(wav([0, 2 ** 30, -(2 ** 31)], { format: '1/32' }))).toEqual(wanted);
  expect(read(wav(wanted, { format: '3/32' }))).toEqual(wanted);
  expect(read(wav(wanted, { format: '3/64', extensible: true }))).toEqual(wanted);
  expect(read(wav([0, 2 ** 14, -(2 ** 15)], { extensible: true }))).toEqual(wanted);
});

test('G.711 at its corners', () => {
  // The tables of ITU-T G.711: A-law 0xD5 is the smallest step up, 0xAA the loudest; µ-law 0xFF is silence, 0x80 the loudest.
  const scaled = (codes: number[], format: string) => read(wav(codes, { format })).map((v) => v * 32768);
  expect(scaled([0xd5, 0x55, 0xaa, 0x2a], '6/8')).toEqual([8, -8, 32256, -32256]);
  expect(scaled([0xff, 0x7f, 0x80, 0x00], '7/8')).toEqual([0, 0, 32124, -32124]);
});

test('channels are averaged, long clips cut, lengths that lie are not believed', () => {
  expect(read(wav([16384, 0, -32768, 0], { channels: 2 }))).toEqual([0.25, -0.5]);
  expect(decodeWav(wav(new Array(8000).fill(1)), 'a.wav', 0.25).samples.length).toBe(2000);
  const streamed = wav([16384, 16384]);
  new DataView(streamed.buffer).setUint32(40, 0xffffffff, true);
  expect(read(streamed)).toEqual([0.5, 0.5]);
  expect(read(wav([16384, 16384, 0, 0]).subarray(0, 44 + 4))).toEqual([0.5, 0.5]);
  expect(read(wav([Number.NaN, 0.5], { format: '3/32' }))).toEqual([0, 0.5]);
});

test('what cannot be read says where and why', async () => {
  const message = (bytes: Uint8Array) =>
    decodeSound(bytes, 'x').then(
      () => 'read',
      (error: Error) => error.message,
    );
  expect(await message(wav([1, 2], { format: '2/8' }))).toMatch(
    /file x, message byte 36: format 2 with 8 bits/,
  );
  expect(await message(wav([1, 2]).subarray(0, 30))).toMatch(/byte 12: the format has/);
  expect(await message(wav([1, 2]).subarray(0, 36))).toMatch(/ends before the sound/);
  expect(await message(wav([]))).toMatch(/holds no sound/);
  expect(await message(wav([1], { rate: 10 }))).toMatch(/10 samples a second/);
  expect(await message(new TextEncoder().encode('OggS....'))).toMatch(/holds no sound/);
  expect(await message(new TextEncoder().encode('hello'))).toMatch(/no sound or film that is known/);
});

describeShared('sound in other codecs', () => {
  test('is named, with what to do', async () => {
    const load = (name: string) => new Uint8Array(readFileSync(sharedData(`media-samples/${name}`)));
    for (const [name, codec] of [
      ['test_audio_16000.mp3', 'mp3'],
      ['test_audio_48000.opus', 'opus'],
    ])
      await expect(decodeSound(load(name), name)).rejects.toMatchObject({
        code: 'sound-decode',
        params: {
          file: name,
          message: `${codec} is decoded by browsers only; open the data in the studio`,
        },
      });
  });
});
