/**
 * Random changes of a training picture: it is shifted, zoomed, mirrored and recoloured while it is read, then blurred and cut (data/alterPicture.ts). Each
 * takes a random stream, so that a step's batch can be made again exactly.
 */
import type { Augment } from '../core/augment.ts';
import type { Random } from '../core/random.ts';
import type { Alteration } from './alterPicture.ts';
import { theAugmentations } from './augmentations.ts';

/** How one picture is read: a window (in pixels of the picture) and a change of its values (0 … 1). */
export interface View {
  zoom: number;
  shiftX: number;
  shiftY: number;
  mirrored: boolean;
  brightness: number;
  contrast: number;
  /** What is done with what was read; nothing where absent. */
  alteration?: Alteration;
}

/** Draws a view; always the same number of draws, so that switching one change off leaves the others as they were. */
export function drawView(augment: Augment, size: number, mayMirror: boolean, stream: Random): View {
  const around = (spread: number) => (stream.uniform() * 2 - 1) * spread;
  return {
    zoom: 1 + around(augment.crop),
    shiftX: around(augment.crop * size),
    shiftY: around(augment.crop * size),
    mirrored: stream.uniform() < 0.5 && augment.flip && mayMirror,
    brightness: 1 + around(augment.color),
    contrast: 1 + around(augment.color),
  };
}

/**
 * Reads a picture through a view, bilinearly, its edge pixels repeated outside, into normalized floats.
 * @param scale,offset per channel: normalized = value × scale + offset, for values in 0 … 1
 */
export function readView(
  pixels: Uint8Array,
  from: number,
  size: number,
  view: View,
  scale: readonly number[],
  offset: readonly number[],
  target: Float32Array,
  to: number,
): void {
  const columns = sampleLine(size, view.zoom, view.shiftX, view.mirrored);
  const rows = sampleLine(size, view.zoom, view.shiftY, false);
  const gain = (view.brightness * view.contrast) / 255;
  const lift = 0.5 - 0.5 * view.contrast;
  let at = to;
  for (let y = 0; y < size; y++) {
    const top = from + rows.low[y] * size * 3;
    const bottom = from + rows.high[y] * size * 3;
    const down = rows.share[y];
    for (let x = 0; x < size; x++) {
      const left = columns.low[x] * 3;
      const right = columns.high[x] * 3;
      const across = columns.share[x];
      for (let channel = 0; channel < 3; channel++) {
        const upper = pixels[top + left + channel] * (1 - across) + pixels[top + right + channel] * across;
        const lower =
          pixels[bottom + left + channel] * (1 - across) + pixels[bottom + right + channel] * across;
        const value = (upper * (1 - down) + lower * down) * gain + lift;
        const bounded = Math.min(1, Math.max(0, value));
        target[at++] = bounded * scale[channel] + offset[channel];
      }
    }
  }
  if (view.alteration)
    theAugmentations().alterPicture(target.subarray(to, at), size, view.alteration, scale, offset);
}

/** Between which two source pixels each output pixel lies, and how far along. */
function sampleLine(size: number, zoom: number, shift: number, mirrored: boolean) {
  const low = new Int32Array(size);
  const high = new Int32Array(size);
  const share = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const place = mirrored ? size - 1 - i : i;
    const source = (place + 0.5 - size / 2) * zoom + size / 2 - 0.5 + shift;
    const bounded = Math.min(size - 1, Math.max(0, source));
    low[i] = Math.floor(bounded);
    high[i] = Math.min(size - 1, low[i] + 1);
    share[i] = bounded - low[i];
  }
  return { low, high, share };
}
