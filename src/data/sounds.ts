/**
 * Gathers the clips of an import: 16-bit and at one rate. The rate is the highest among them, but no more than wideband speech has: what
 * a model hears of more is little, and the memory is spent sixfold at 96 kHz.
 */
import { StudioError } from '../core/errors.ts';
import { resample } from './audio/resample.ts';
import type { Clip } from './audio/wav.ts';
import type { Sound } from './dataset.ts';
import { allocate } from './pack.ts';

const mostRate = 16_000;

/** A clip as it is kept until all are joined. */
export interface KeptClip {
  rate: number;
  samples: Int16Array;
}

/** What is kept of a clip until the rate of all is known. */
export function keepClip({ rate, samples }: Clip): KeptClip {
  const kept = Math.min(rate, mostRate);
  return { rate: kept, samples: sixteenBit(resample(samples, rate, kept)) };
}

/**
 * @param clips of each sample; undefined where it has none
 * @returns undefined where none has
 * @throws StudioError `out-of-memory`
 */
export function joinClips(clips: readonly (KeptClip | undefined)[]): Sound | undefined {
  const rate = clips.reduce((most, clip) => Math.max(most, clip?.rate ?? 0), 0);
  if (rate === 0) return undefined;
  const atRate = (clip: KeptClip): Int16Array =>
    clip.rate === rate
      ? clip.samples
      : sixteenBit(
          resample(
            Float32Array.from(clip.samples, (value) => value / 32768),
            clip.rate,
            rate,
          ),
        );
  const parts = clips.map((clip) => clip && atRate(clip));
  const offsets = new Int32Array(clips.length + 1);
  let end = 0;
  for (const [index, part] of parts.entries()) {
    end += part?.length ?? 0;
    offsets[index + 1] = end;
  }
  // Places are 32-bit numbers.
  if (end >= 2 ** 31) {
    const needed = `${Math.round((2 * end) / 2 ** 20)} MiB`;
    throw new StudioError('out-of-memory', { tensor: 'sound', needed, limit: '4096 MiB' });
  }
  const samples = new Int16Array(allocate(2 * end, 'sound').buffer);
  for (const [index, part] of parts.entries()) if (part) samples.set(part, offsets[index]);
  return { rate, samples, offsets };
}

const sixteenBit = (samples: Float32Array): Int16Array =>
  Int16Array.from(samples, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32768))));
