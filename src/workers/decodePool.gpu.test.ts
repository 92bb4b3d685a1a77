import { Mp4OutputFormat, WebMOutputFormat } from 'mediabunny';
import { afterAll, describe, expect, it } from 'vitest';
import { random } from '../core/random.ts';
import { decodeFilm } from '../data/media/decode.ts';
import { makeFilm, numberIn, pitches, side } from '../data/media/testing/film.ts';
import { createPool } from './decodePool.ts';

const how = { size: side, fit: 'crop', background: '#ffffff' } as const;
const times = Array.from({ length: 60 }, (_, i) => i * 0.1);
const parts = [0.55, 2.55, 4.55].map((moment) => ({
  file: `${moment}`,
  moment,
  span: { from: moment, to: moment + 0.5 },
}));
const film = (format: WebMOutputFormat | Mp4OutputFormat, codec: 'vp8' | 'avc', begins = times) =>
  makeFilm({
    format,
    picture: { codec, times: begins },
    sound: { codec: 'opus', rate: 48000, channels: [pitches(6, 48000)] },
  });

describe('the pool of decoding workers', () => {
  // Sooner than for people, for whom a long film on a slow machine is no damage.
  const pool = createPool(2, 8);
  afterAll(() => pool.end());

  it('gives what is decoded in one thread', async () => {
    const whole = await film(new WebMOutputFormat(), 'vp8');
    const [there, here] = await Promise.all([
      pool.film(new Blob([Uint8Array.from(whole)]), 'a.webm', parts, how),
      decodeFilm(whole, 'a.webm', parts, how),
    ]);
    expect(there).toEqual(here);
    expect(there.map(({ pixels }) => numberIn(pixels ?? [], side, 3))).toEqual([5, 25, 45]);
    const { picture, sound } = await pool.facts(whole.slice(), 'a.webm');
    expect(picture?.to).toBeCloseTo(6, 1);
    expect(sound?.to).toBeCloseTo(6, 1);
  });

  it('damaged films are read as far as they go or refused, and what comes after them is read', async () => {
    // This seed brings an MP4 (the tenth) over which its reader runs for ever.
    const draw = random(3, 'films');
    const uneven = times.map((time, i) => time + (i % 3 === 2 ? 0.06 : 0));
    for (const [name, format, codec] of [
      ['a.webm', new WebMOutputFormat(), 'vp8'],
      ['a.mp4', new Mp4OutputFormat(), 'avc'],
    ] as const) {
      const whole = await film(format, codec, uneven);
      for (let trial = 0; trial < 16; trial++) {
        const bytes = whole.slice(0, trial % 2 === 0 ? draw.integer(whole.length) : whole.length);
        const flips = trial % 2 === 0 ? 0 : 4 * trial ** 2;
        for (let i = 0; i < flips; i++) bytes[draw.integer(bytes.length)] ^= 1 << draw.integer(8);
        const started = performance.now();
        const pieces = await pool.film(bytes, name, parts, how).catch((error: unknown) => error);
        expect(performance.now() - started).toBeLessThan(20_000);
        if (!Array.isArray(pieces)) expect(pieces).toMatchObject({ code: 'film-decode' });
        else
          for (const { pixels, clip, failures } of pieces) {
            expect(Boolean(pixels && clip)).toBe(failures.length === 0);
            for (const { code } of failures) expect(['film-decode', 'sound-decode']).toContain(code);
          }
      }
      const [{ pixels }] = await pool.film(whole, name, parts.slice(0, 1), how);
      expect(numberIn(pixels ?? [], side, 3)).toBe(4);
    }
  }, 400_000);
});
