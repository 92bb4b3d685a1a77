import {
  AdtsOutputFormat,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  WebMOutputFormat,
} from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import { describeShared, fetchShared } from '../../engine/testing/shared.browser.ts';
import { agreement, makeFilm } from '../media/testing/film.ts';
import { flac } from '../media/testing/flac.ts';
import { decodeSound } from './decode.ts';
import { resample } from './resample.ts';

/** Noise below 4 kHz that swells and fades: it agrees with itself at one lag only. */
function murmur(seconds: number, rate: number, seed = 1): Float32Array {
  const draw = random(seed, 'murmur');
  const coarse = Float32Array.from(
    { length: seconds * 8000 },
    (_, i) => (1.2 * draw.uniform() - 0.6) * Math.sin(i / 1500) ** 2,
  );
  return resample(coarse, 8000, rate);
}

const half = (samples: Float32Array) => samples.map((value) => value / 2);

describe('sound made here', () => {
  it('FLAC comes back to the bit', async () => {
    const samples = Int16Array.from(murmur(2, 22050), (value) => Math.round(value * 32767));
    const clip = await decodeSound(flac(samples, 22050), 'a.flac');
    expect(clip.rate).toBe(22050);
    expect(clip.samples.length).toBe(samples.length);
    expect(clip.samples.every((value, i) => value * 32768 === samples[i])).toBe(true);
  });

  it.each([
    ['Ogg', new OggOutputFormat()],
    ['WebM', new WebMOutputFormat()],
    ['M4A', new Mp4OutputFormat()],
  ])('Opus in %s agrees with what was encoded, at no lag, channels averaged', async (name, format) => {
    const sound = murmur(2, 48000);
    const bytes = await makeFilm({
      format,
      sound: { codec: 'opus', rate: 48000, channels: [sound, half(sound)] },
    });
    const { rate, samples } = await decodeSound(bytes, `a.${name}`);
    expect(rate).toBe(48000);
    expect(Math.abs(samples.length - sound.length)).toBeLessThanOrEqual(960);
    const wanted = sound.map((value) => 0.75 * value);
    const { lag, correlation } = agreement(
      resample(wanted, 48000, 16000),
      resample(samples, 48000, 16000),
      400,
    );
    expect(correlation).toBeGreaterThan(0.99);
    expect(Math.abs(lag)).toBeLessThanOrEqual(8);
    const power = (list: Float32Array) =>
      Math.sqrt(list.reduce((sum, value) => sum + value * value, 0) / list.length);
    expect(power(samples) / power(wanted)).toBeCloseTo(1, 1);
  });

  it.each([
    ['AAC', new AdtsOutputFormat()],
    ['M4A', new Mp4OutputFormat()],
  ])('AAC in %s has its rate and length', async (name, format) => {
    const frames = 43;
    const { rate, samples } = await decodeSound(await silentAac(format, frames), `a.${name}`);
    expect(rate).toBe(44100);
    expect(samples.length).toBe(frames * 1024);
    expect(samples.every((value) => Math.abs(value) < 1e-4)).toBe(true);
  });

  it('keeps 60 seconds at most', async () => {
    const bytes = flac(new Int16Array(61 * 8000).fill(1), 8000);
    expect((await decodeSound(bytes, 'long.flac')).samples.length).toBe(60 * 8000);
  });
});

/** Chromium encodes no AAC: frames of AAC-LC that hold silence (ISO 14496-3), one channel at 44.1 kHz. */
async function silentAac(format: OutputFormat, frames: number): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedAudioPacketSource('aac');
  output.addAudioTrack(source);
  await output.start();
  const length = 1024 / 44100;
  const description = Uint8Array.from([0x12, 0x08]);
  const decoderConfig = { codec: 'mp4a.40.2', sampleRate: 44100, numberOfChannels: 1, description };
  for (let i = 0; i < frames; i++) {
    const data = Uint8Array.from([0x00, 0xc8, 0x00, 0x80, 0x23, 0x80]);
    await source.add(new EncodedPacket(data, 'key', i * length, length), { decoderConfig });
  }
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

describeShared('sound of others', () => {
  const load = async (name: string) => new Uint8Array(await fetchShared(`media-samples/${name}`));

  it.each([
    // Frames by the files' own count: 71 of 576 samples, 96 of 1152; Opus to its last granule less the pre-skip (RFC 7845).
    ['test_audio_16000.mp3', 16000, 71 * 576],
    ['test_audio_44100.mp3', 44100, 96 * 1152],
    ['test_audio_48000.opus', 48000, 48000],
  ])('%s has its rate and its length', async (name, rate, length) => {
    const clip = await decodeSound(await load(name), name);
    expect(clip.rate).toBe(rate);
    expect(clip.samples.length).toBe(length);
  });

  it('one sound at two rates agrees', async () => {
    const [low, high] = await Promise.all(
      ['test_audio_16000.mp3', 'test_audio_44100.mp3'].map(async (name) =>
        decodeSound(await load(name), name),
      ),
    );
    const { correlation } = agreement(low.samples, resample(high.samples, 44100, 16000), 1500);
    expect(correlation).toBeGreaterThan(0.99);
  });

  it('may be a file or bytes', async () => {
    const bytes = await load('test_audio_48000.opus');
    const [file, memory] = await Promise.all([
      decodeSound(new Blob([bytes]), 'a.opus'),
      decodeSound(bytes, 'a.opus'),
    ]);
    expect(file.samples).toEqual(memory.samples);
  });

  it.each(['test_audio_16000.mp3', 'test_audio_44100.mp3', 'test_audio_48000.opus'])(
    '%s damaged is read as far as it goes or refused, and never waits',
    async (name) => {
      const whole = await load(name);
      const draw = random(7, name);
      for (let trial = 0; trial < 24; trial++) {
        const bytes = whole.slice(0, trial % 3 === 0 ? draw.integer(whole.length) : whole.length);
        const flips = trial % 3 === 0 ? 0 : trial % 3 === 1 ? 4 : 400;
        for (let i = 0; i < flips; i++) bytes[draw.integer(bytes.length)] ^= 1 << draw.integer(8);
        const started = performance.now();
        const clip = await decodeSound(bytes, name).catch((error: unknown) => error);
        expect(performance.now() - started).toBeLessThan(20_000);
        if (clip instanceof Error) {
          expect(clip).toBeInstanceOf(StudioError);
          expect(clip).toMatchObject({ code: 'sound-decode', params: { file: name } });
        } else expect(clip).toMatchObject({ samples: expect.any(Float32Array) });
      }
    },
  );

  it('what is none is refused', async () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(1000), new TextEncoder().encode('hello')])
      await expect(decodeSound(bytes, 'x.mp3')).rejects.toMatchObject({ code: 'sound-decode' });
  });
});
