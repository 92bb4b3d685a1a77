import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../interchange/safetensors.ts';
import { toFloat32 } from '../../interchange/tensorTypes.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { cepstrum, decibels, melFilters, melPower, toMel } from './mel.ts';
import { resample } from './resample.ts';
import { createStft } from './stft.ts';
import { decodeWav } from './wav.ts';

interface Index {
  cases: { wav: string; sr: number; samples: number; n_fft: number; hop: number; n_mels: number }[];
  hz_to_mel: { hz: number[]; slaney: number[]; htk: number[] };
}

/** Largest difference from a reference of `rows × frames`, of values that lie frame by frame. */
function difference(ours: ArrayLike<number>, reference: ArrayLike<number>, rows: number): number {
  const frames = reference.length / rows;
  expect(ours.length).toBe(reference.length);
  let most = 0;
  for (let frame = 0; frame < frames; frame++)
    for (let row = 0; row < rows; row++)
      most = Math.max(most, Math.abs(ours[frame * rows + row] - reference[row * frames + frame]));
  return most;
}

describeShared('sound as librosa 0.11 hears it', () => {
  const folder = (name: string) => sharedData(`references/audio/${name}`);
  const index: Index = JSON.parse(readFileSync(folder('index.json'), 'utf8'));
  const tensorsOf = (name: string) => {
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(folder(name))));
    return (key: string) => toFloat32(tensors.get(key)!);
  };

  it.each(index.cases)('$wav', ({ wav, sr, samples: count, n_fft: size, hop, n_mels: bins }) => {
    const reference = tensorsOf(wav.replace('.wav', '.safetensors'));
    const { rate, samples } = decodeWav(new Uint8Array(readFileSync(folder(wav))), wav);
    expect([rate, samples.length]).toEqual([sr, count]);
    const { power } = createStft({ size, window: size, hop })(samples);
    expect(difference(power.map(Math.sqrt), reference('stft_mag'), size / 2 + 1)).toBeLessThan(1e-3);
    const mel = melPower(power, melFilters(rate, size, bins));
    expect(difference(mel, reference('mel_slaney'), bins)).toBeLessThan(1e-3);
    const htk = melPower(power, melFilters(rate, size, bins, 'htk'));
    expect(difference(htk, reference('mel_htk_nonorm'), bins)).toBeLessThan(1e-3);
    const logMel = decibels(mel);
    expect(difference(logMel, reference('log_mel_db'), bins)).toBeLessThan(1e-3);
    expect(difference(cepstrum(logMel, bins, 13), reference('mfcc13'), 13)).toBeLessThan(1e-3);
    expect(resample(samples, rate, 16_000).length).toBe(reference('resampled_16k_length')[0]);
  });

  it('has their filter banks and scales', () => {
    const reference = tensorsOf('filterbanks.safetensors');
    for (const [key, scale] of [
      ['mel_slaney', 'slaney'],
      ['mel_htk_nonorm', 'htk'],
    ] as const) {
      const { weights } = melFilters(8000, 256, 40, scale);
      const wanted = reference(key);
      expect(Math.max(...weights.map((value, i) => Math.abs(value - wanted[i])))).toBeLessThan(1e-6);
      const { hz, [scale]: mels } = index.hz_to_mel;
      for (const [i, hertz] of hz.entries()) expect(toMel(hertz, scale)).toBeCloseTo(mels[i], 6);
    }
  });
});
