/**
 * Another sample rate by band-limited interpolation: a sinc under a Hann window, its cutoff at the lower of both Nyquist frequencies
 * (Smith, “Digital Audio Resampling”, CCRMA). The ratio is a fraction of whole numbers, so the taps repeat and are made once a phase.
 */

/** Zero crossings of the sinc to each side. */
const crossings = 24;
/** Below the Nyquist frequency, so that what the window lets through does not fold back. */
const rolloff = 0.95;

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** @returns `ceil(samples × to / from)` samples; the same array where the rates are equal */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const common = divisor(from, to);
  const [step, phases] = [from / common, to / common];
  const cutoff = Math.min(1, to / from) * rolloff;
  const reach = Math.ceil(crossings / cutoff);
  const taps = new Map<number, Float64Array>();
  const result = new Float32Array(Math.ceil((samples.length * to) / from));
  for (let i = 0; i < result.length; i++) {
    const place = i * step;
    const phase = place % phases;
    const centre = (place - phase) / phases;
    let kernel = taps.get(phase);
    if (!kernel) {
      kernel = kernelOf(phase / phases, cutoff, reach);
      taps.set(phase, kernel);
    }
    const first = centre - reach + 1;
    const low = Math.max(0, -first);
    const high = Math.min(kernel.length, samples.length - first);
    let sum = 0;
    for (let k = low; k < high; k++) sum += kernel[k] * samples[first + k];
    result[i] = sum;
  }
  return result;
}

/** Taps for a place `offset` after the centre sample, from `reach − 1` before it to `reach` after; their sum is 1. */
function kernelOf(offset: number, cutoff: number, reach: number): Float64Array {
  const kernel = new Float64Array(2 * reach);
  let sum = 0;
  for (let k = 0; k < kernel.length; k++) {
    const distance = k - reach + 1 - offset;
    const x = Math.PI * cutoff * distance;
    const window = Math.cos((Math.PI * distance) / (2 * reach)) ** 2;
    kernel[k] = (Math.abs(x) < 1e-12 ? 1 : Math.sin(x) / x) * (Math.abs(distance) < reach ? window : 0);
    sum += kernel[k];
  }
  return kernel.map((value) => value / sum);
}
