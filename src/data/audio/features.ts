/**
 * What a model hears: a clip as frames of log-mel bands or cepstral coefficients, as a recipe's `data.audio` says. How many frames and
 * bins there are follows from the recipe alone, so that a model can be measured before there is data.
 */
import { cepstrum, decibels, melFilters, melPower } from './mel.ts';
import { resample } from './resample.ts';
import { type AudioOptions, audioDefaults, bandsOf, hopOf, longestOf, soundShape } from './shape.ts';
import { createStft } from './stft.ts';

export interface SoundFeatures {
  /** `frames × bins`; zeros after `length`. */
  values: Float32Array;
  /** Frames that the clip fills. */
  length: number;
}

/**
 * @param rate of the clips
 * @returns a function from a clip, −32768 … 32767, to its features; log-mel in decibels
 */
export function createFeatures(
  audio: AudioOptions | undefined,
  rate: number,
): (clip: Int16Array) => SoundFeatures {
  const options = audio ?? audioDefaults;
  const { frames, bins } = soundShape(options);
  const hop = hopOf(options);
  const window = Math.max(2, Math.round((options.window * options.rate) / 1000));
  const bands = bandsOf(options);
  // Long enough for the window, and fine enough that no mel band falls between two frequencies.
  const size = 2 ** Math.ceil(Math.log2(Math.max(window, 4 * bands)));
  const stft = createStft({ size, window, hop });
  const filters = melFilters(options.rate, size, bands);
  return (clip) => {
    const values = new Float32Array(frames * bins);
    if (clip.length === 0) return { values, length: 0 };
    const whole = resample(
      Float32Array.from(clip, (value) => value / 32768),
      rate,
      options.rate,
    );
    const samples = whole.subarray(0, longestOf(options));
    const length = Math.min(frames, Math.ceil(samples.length / hop));
    const logMel = decibels(melPower(stft(samples, length).power, filters));
    values.set(options.features === 'mfcc' ? cepstrum(logMel, bands, bins) : logMel);
    return { values, length };
  };
}
