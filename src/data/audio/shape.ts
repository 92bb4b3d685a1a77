/** How many frames and bins a clip becomes: it follows from the recipe alone, so that a model can be measured before there is data. */
import type { Recipe } from '../../core/recipe.ts';

export type AudioOptions = NonNullable<Recipe['data']['audio']>;

/** One second of speech in 50 frames. */
export const audioDefaults: AudioOptions = {
  features: 'log-mel',
  bins: 40,
  rate: 8000,
  seconds: 1,
  window: 25,
  hop: 20,
};

export const hopOf = ({ hop, rate }: AudioOptions): number => Math.max(1, Math.round((hop * rate) / 1000));
export const longestOf = ({ seconds, rate }: AudioOptions): number => Math.round(seconds * rate);

/** Frames and bins of every clip. */
export function soundShape(audio: AudioOptions = audioDefaults): { frames: number; bins: number } {
  return { frames: Math.max(1, Math.ceil(longestOf(audio) / hopOf(audio))), bins: audio.bins };
}

/** Mel bands under cepstral coefficients, at least. */
const cepstralBands = 40;

/** Mel bands that the features are made of. */
export const bandsOf = ({ features, bins }: AudioOptions): number =>
  features === 'mfcc' ? Math.max(bins, cepstralBands) : bins;
