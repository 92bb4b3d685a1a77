/** Films and sounds made in the browser for tests: frames that carry their number, tones whose pitch tells the second. */
import {
  AudioSample,
  AudioSampleSource,
  BufferTarget,
  Output,
  type OutputFormat,
  VideoSample,
  VideoSampleSource,
} from 'mediabunny';

export interface FilmParts {
  format: OutputFormat;
  picture?: {
    codec: 'vp8' | 'vp9' | 'avc' /** Second at which each frame begins. */;
    times: readonly number[];
  };
  sound?: { codec: 'opus' | 'pcm-s16'; rate: number; channels?: Float32Array[] };
}

export const side = 64;
const bars = 8;

/** Encodes and packs. */
export async function makeFilm({ format, picture, sound }: FilmParts): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const frames =
    picture && new VideoSampleSource({ codec: picture.codec, bitrate: 1e6, keyFrameInterval: 2 });
  const tones = sound && new AudioSampleSource({ codec: sound.codec, bitrate: 128_000 });
  if (frames) output.addVideoTrack(frames);
  if (tones) output.addAudioTrack(tones);
  await output.start();
  const addFrames = async () => {
    for (const [number, timestamp] of picture?.times.entries() ?? []) {
      const next = picture?.times[number + 1] ?? timestamp + 0.1;
      const frame = new VideoSample(paint(number), { timestamp, duration: next - timestamp });
      await frames?.add(frame);
      frame.close();
    }
    frames?.close();
  };
  const addTones = async () => {
    if (!sound?.channels) return;
    const { rate, channels } = sound;
    const data = new Float32Array(channels[0].length * channels.length);
    for (const [c, samples] of channels.entries()) data.set(samples, c * samples.length);
    const sample = new AudioSample({
      data,
      format: 'f32-planar',
      numberOfChannels: channels.length,
      sampleRate: rate,
      timestamp: 0,
    });
    await tones?.add(sample);
    sample.close();
    tones?.close();
  };
  await Promise.all([addFrames(), addTones()]);
  await output.finalize();
  if (!target.buffer) throw new Error('nothing was written');
  return new Uint8Array(target.buffer);
}

/** The number as eight bars, white for 1, the lowest bit on the left: no compression hides it. */
function paint(number: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  for (let bit = 0; bit < bars; bit++) {
    context.fillStyle = (number >> bit) & 1 ? '#fff' : '#000';
    context.fillRect((bit * side) / bars, 0, side / bars, side);
  }
  return canvas;
}

/** The number in a frame, from RGB or RGBA pixels of a square. */
export function numberIn(pixels: ArrayLike<number>, size: number, bytes: 3 | 4): number {
  let number = 0;
  for (let bit = 0; bit < bars; bit++) {
    const x = Math.floor(((bit + 0.5) * size) / bars);
    if (pixels[((size >> 1) * size + x) * bytes] > 127) number |= 1 << bit;
  }
  return number;
}

/** Hz of the tone in each second of `pitches`. */
export const pitchOf = (second: number): number => 300 + 100 * second;

/** A tone that is higher by 100 Hz in each second. */
export function pitches(seconds: number, rate: number): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: seconds * rate }, (_, i) => {
    phase += (2 * Math.PI * pitchOf(Math.floor(i / rate))) / rate;
    return 0.5 * Math.sin(phase);
  });
}

/** Hz, from the passages through zero. */
export function pitchIn(samples: ArrayLike<number>, rate: number): number {
  let passages = 0;
  for (let i = 1; i < samples.length; i++) if (samples[i - 1] < 0 !== samples[i] < 0) passages++;
  return (passages / 2 / samples.length) * rate;
}

/** The lag within `reach` at which two sounds agree best, and their correlation there. */
export function agreement(
  a: Float32Array,
  b: Float32Array,
  reach: number,
): { lag: number; correlation: number } {
  let best = { lag: 0, correlation: -1 };
  for (let lag = -reach; lag <= reach; lag++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = Math.max(0, -lag); i < Math.min(a.length, b.length - lag); i++) {
      ab += a[i] * b[i + lag];
      aa += a[i] * a[i];
      bb += b[i + lag] * b[i + lag];
    }
    const correlation = ab / Math.sqrt(aa * bb || 1);
    if (correlation > best.correlation) best = { lag, correlation };
  }
  return best;
}
