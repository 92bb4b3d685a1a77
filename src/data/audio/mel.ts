/**
 * From power over frequency to mel bands, decibels and cepstral coefficients, as librosa has them. The scale is Slaney's (1998: linear to
 * 1 kHz, logarithmic above, triangles of equal area) or HTK's.
 */

type MelScale = 'slaney' | 'htk';

const linear = 200 / 3;
const bend = 1000;
const step = Math.log(6.4) / 27;

export function toMel(hertz: number, scale: MelScale): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hertz / 700);
  return hertz < bend ? hertz / linear : bend / linear + Math.log(hertz / bend) / step;
}

function toHertz(mel: number, scale: MelScale): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  const knee = bend / linear;
  return mel < knee ? mel * linear : bend * Math.exp(step * (mel - knee));
}

export interface MelFilters {
  bins: number;
  /** Bands of the transform. */
  bands: number;
  /** `bins × bands`. */
  weights: Float64Array;
}

/** Triangles from 0 to half the rate; Slaney's have equal area, HTK's equal height. */
export function melFilters(rate: number, size: number, bins: number, scale: MelScale = 'slaney'): MelFilters {
  const bands = size / 2 + 1;
  const top = toMel(rate / 2, scale);
  const edges = Array.from({ length: bins + 2 }, (_, i) => toHertz((top * i) / (bins + 1), scale));
  const weights = new Float64Array(bins * bands);
  for (let bin = 0; bin < bins; bin++) {
    const [low, centre, high] = edges.slice(bin, bin + 3);
    const height = scale === 'slaney' ? 2 / (high - low) : 1;
    for (let band = 0; band < bands; band++) {
      const hertz = (band * rate) / size;
      const rise = (hertz - low) / (centre - low);
      const fall = (high - hertz) / (high - centre);
      weights[bin * bands + band] = Math.max(0, Math.min(rise, fall)) * height;
    }
  }
  return { bins, bands, weights };
}

/** `frames × bands` of power to `frames × bins`. */
export function melPower(power: Float64Array, { bins, bands, weights }: MelFilters): Float64Array {
  const frames = power.length / bands;
  const result = new Float64Array(frames * bins);
  for (let bin = 0; bin < bins; bin++) {
    const row = weights.subarray(bin * bands, (bin + 1) * bands);
    const first = row.findIndex((weight) => weight > 0);
    if (first < 0) continue;
    const last = row.findLastIndex((weight) => weight > 0);
    for (let frame = 0; frame < frames; frame++) {
      let sum = 0;
      for (let band = first; band <= last; band++) sum += row[band] * power[frame * bands + band];
      result[frame * bins + bin] = sum;
    }
  }
  return result;
}

/** 10·log₁₀ of power, no lower than 80 dB under the loudest. */
export function decibels(power: Float64Array): Float64Array {
  const result = power.map((value) => 10 * Math.log10(Math.max(1e-10, value)));
  const least = result.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY) - 80;
  return result.map((value) => Math.max(value, least));
}

/** The first `count` coefficients of the orthonormal DCT-II over the bins of every frame: `frames × count`. */
export function cepstrum(logMel: Float64Array, bins: number, count: number): Float64Array {
  const frames = logMel.length / bins;
  const basis = new Float64Array(count * bins);
  for (let k = 0; k < count; k++)
    for (let n = 0; n < bins; n++)
      basis[k * bins + n] =
        Math.sqrt((k === 0 ? 1 : 2) / bins) * Math.cos((Math.PI * k * (2 * n + 1)) / (2 * bins));
  const result = new Float64Array(frames * count);
  for (let frame = 0; frame < frames; frame++)
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let n = 0; n < bins; n++) sum += basis[k * bins + n] * logMel[frame * bins + n];
      result[frame * count + k] = sum;
    }
  return result;
}
