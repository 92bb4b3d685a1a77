/**
 * The built-in data set: drawn pictures of one to three coloured shapes with captions. Some pairs of colour and
 * shape are kept out of training and make up the validation split, so that a model scores there only when it has
 * learned colours and shapes apart from each other (compositional generalization, as in CLEVR-CoGenT, Johnson et
 * al. 2017). Same seed, same bytes, in a browser and on a server.
 */
import { StudioError } from '../../core/errors.ts';
import { type Random, random } from '../../core/random.ts';
import type { Dataset, Split } from '../dataset.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { captionOf } from './captions.ts';
import { type Colour, fill } from './rasterise.ts';
import { drawScene, type Scene, sceneKey } from './scene.ts';
import { backgrounds, colours, shapes } from './vocabulary.ts';

export interface ShapesOptions {
  /** Pictures in all; a tenth of them, but no fewer than 256 where there are enough, is for validation. */
  count?: number;
  /** Side of the pictures, pixels. */
  size?: number;
  seed?: number;
}

/**
 * Makes the data set.
 * @throws StudioError `bad-argument`, `cancelled`
 */
export async function generateShapes(
  options: ShapesOptions,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<Dataset> {
  const count = checked('count', options.count ?? 4000, 4, 200_000);
  const size = checked('size', options.size ?? 48, 16, 256);
  const seed = checked('seed', options.seed ?? 0, 0, 0xffffffff);
  const stream = random(seed, 'shapes');
  const splits = drawSplits(count, stream);
  const pixels = new Uint8Array(count * size * size * 3);
  const captions: string[][] = [];
  const files: string[] = [];
  const used = new Set<string>();

  for (let i = 0; i < count; i++) {
    const split = splits[i];
    const scene = split === 'validation' ? drawUnused(stream, used) : drawScene(stream, 'train');
    paint(scene, pixels, i * size * size * 3, size, stream);
    captions.push(write(scene, split, stream));
    files.push(`${split}/${String(i).padStart(5, '0')}.png`);
    if (i % 100 === 99 || i === count - 1) {
      onProgress?.(i + 1, count);
      // Lets a cancel arrive.
      await new Promise((resolve) => setTimeout(resolve));
      if (signal?.aborted) throw new StudioError('cancelled', { what: 'Drawing shapes' });
    }
  }
  const content = { size, pixels, captions, stated: splits };
  return {
    id: `shapes-${count}-${size}-${seed}`,
    name: 'Shapes',
    source: 'builtin:shapes',
    fingerprint: await fingerprintOf(content),
    files,
    ...content,
  };
}

function checked(argument: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new StudioError('bad-argument', {
    argument,
    message: `${value} is not a whole number between ${least} and ${most}`,
  });
}

function drawSplits(count: number, stream: Random): Split[] {
  const wanted = Math.min(2000, Math.max(256, Math.round(count / 10)));
  const validation = Math.min(wanted, Math.floor(count / 4));
  const splits = new Array<Split>(count).fill('train');
  for (const i of stream.permutation(count).subarray(0, validation)) splits[i] = 'validation';
  return splits;
}

/** A validation scene that differs from the others in something a caption says. */
function drawUnused(stream: Random, used: Set<string>): Scene {
  for (;;) {
    const scene = drawScene(stream, 'validation');
    const key = sceneKey(scene);
    if (used.has(key)) continue;
    used.add(key);
    return scene;
  }
}

/** One caption, or two for a quarter of the training pictures. */
function write(scene: Scene, split: Split, stream: Random): string[] {
  const captions = new Set([captionOf(scene, stream)]);
  if (split === 'train' && stream.uniform() < 0.25) captions.add(captionOf(scene, stream));
  return [...captions];
}

function paint(scene: Scene, pixels: Uint8Array, offset: number, size: number, stream: Random): void {
  const background = stream.pick(backgrounds);
  for (let i = 0; i < size * size; i++) pixels.set(background, offset + i * 3);
  const scale = size / 64;
  for (const object of scene.objects) {
    const shade = (stream.uniform() - 0.5) * 24;
    const [red, green, blue] = colours[object.colour].rgb;
    const bounded = (value: number) => Math.min(255, Math.max(0, value + shade));
    const colour: Colour = [bounded(red), bounded(green), bounded(blue)];
    fill(
      pixels,
      offset,
      size,
      shapes[object.shape].outlines,
      object.x * scale,
      object.y * scale,
      object.radius * scale,
      colour,
    );
  }
}
