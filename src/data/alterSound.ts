/**
 * Random changes of a sound as a model hears it, on its features: louder or softer, earlier or later, and a run of frames and one of bins silenced
 * (SpecAugment, Park et al. 2019, arXiv 1904.08779). Features are standardized, so 0 is the mean, which the paper masks with.
 */
import type { Augment } from '../core/augment.ts';
import type { Random } from '../core/random.ts';
import { type AudioOptions, bandsOf } from './audio/shape.ts';
import type { PreparedData } from './prepared.ts';

export interface SoundChange {
  /** Decibels. */
  gain: number;
  /** Frames that it comes later. */
  shift: number;
  /** First frame (of the clip, before it is shifted) and bin of what is silenced, and how many. */
  frame: number;
  frames: number;
  bin: number;
  bins: number;
}

type Sound = NonNullable<PreparedData['sound']>;

/**
 * Draws a change; always the same number of draws. A mask is as likely to be of each length from 0 to its longest, and to stand at each place.
 * @param length frames that the clip fills
 */
export function drawSoundChange(
  { gain = 0, shift = 0, timeMask = 0, bandMask = 0 }: Augment,
  length: number,
  bins: number,
  stream: Random,
): SoundChange {
  const around = () => stream.uniform() * 2 - 1;
  const loudness = around() * gain;
  const moved = Math.round(around() * Math.floor(shift * length));
  const mask = (share: number, all: number) => {
    const many = stream.integer(Math.floor(share * all) + 1);
    return [stream.integer(all - many + 1), many];
  };
  const [frame, frames] = mask(timeMask, length);
  const [bin, masked] = mask(bandMask, bins);
  return { gain: loudness, shift: moved, frame, frames, bin, bins: masked };
}

/**
 * Changes a sound in place. What is moved over an edge is cut off, and frames that nothing moves to do not count.
 * @param values `frames × bins`, standardized
 * @param keep 1 for frames that count
 * @param audio how the features were made: decibels of mel bands, or their cepstrum, of which loudness is the first coefficient alone
 */
export function alterSound(
  values: Float32Array,
  keep: Float32Array,
  { bins, deviation }: Pick<Sound, 'bins' | 'deviation'>,
  audio: AudioOptions,
  change: SoundChange,
): void {
  const cepstral = audio.features === 'mfcc';
  const louder = cepstral ? 1 : bins;
  // The first coefficient of an orthonormal cosine transform is the sum over all bands, divided by the root of their number.
  const gain = cepstral ? change.gain * Math.sqrt(bandsOf(audio)) : change.gain;
  for (let frame = 0; frame < keep.length; frame++) {
    if (keep[frame] === 0) continue;
    const row = values.subarray(frame * bins, (frame + 1) * bins);
    for (let bin = 0; bin < louder; bin++) row[bin] += gain / deviation[bin];
    if (frame >= change.frame && frame < change.frame + change.frames) row.fill(0);
    row.fill(0, change.bin, change.bin + change.bins);
  }
  if (change.shift === 0) return;
  shifted(values, change.shift * bins);
  shifted(keep, change.shift);
}

/** Moves a row of numbers; zeros come in. */
function shifted(row: Float32Array, by: number): void {
  row.copyWithin(Math.max(0, by), Math.max(0, -by), Math.min(row.length, row.length - by));
  if (by > 0) row.fill(0, 0, by);
  else row.fill(0, row.length + by);
}
