/**
 * The built-in data set: drawn pictures of one to three coloured shapes with captions. Some pairs of colour and
 * shape are kept out of training and make up the validation split, so that a model scores there only when it has
 * learned colours and shapes apart from each other (compositional generalization, as in CLEVR-CoGenT, Johnson et
 * al. 2017). Same seed, same bytes, in a browser and on a server.
 */
import type { Random } from '../../core/random.ts';
import type { Dataset, Split } from '../dataset.ts';
import { type BuiltInOptions, defineBuiltIn, type OnDrawn } from './builtIn.ts';
import { captionOf } from './captions.ts';
import { countField, seedField, sizeField } from './fields.ts';
import { paintScene } from './paint.ts';
import { drawScene, type Scene, sceneKey } from './scene.ts';
import { deal } from './splits.ts';

export const shapes = defineBuiltIn({
  name: 'shapes',
  title: { en: 'Shapes', zh: '形状' },
  summary: {
    en: 'Drawn pictures of coloured shapes with captions; validation shows pairs of colour and shape that training never does.',
    zh: '带有说明文字的彩色形状图片；验证集中的颜色与形状组合从未在训练中出现。',
  },
  modalities: ['image', 'text'],
  fields: [
    countField(
      4000,
      {
        en: 'Pictures in all; a tenth of them, but no fewer than 256 where there are enough, is for validation.',
        zh: '图片总数；其中十分之一用于验证，数量足够时不少于 256 张。',
      },
      { min: 4, max: 200_000 },
    ),
    sizeField(48),
    seedField,
  ],
  async draw({ options: { count, size }, stream, each }) {
    const stated = drawSplits(count, stream);
    const pixels = new Uint8Array(count * size * size * 3);
    const captions: string[][] = [];
    const used = new Set<string>();
    await each(count, (i) => {
      const scene = stated[i] === 'validation' ? drawUnused(stream, used) : drawScene(stream, 'train');
      paintScene(scene, pixels, i * size * size * 3, size, stream);
      captions.push(write(scene, stated[i], stream));
    });
    return { size, pixels, captions, stated };
  },
});

/** @throws StudioError `bad-argument`, `cancelled` */
export const generateShapes = (
  options: BuiltInOptions,
  onProgress?: OnDrawn,
  signal?: AbortSignal,
): Promise<Dataset> => shapes.make(options, onProgress, signal);

function drawSplits(count: number, stream: Random): Split[] {
  const wanted = Math.min(2000, Math.max(256, Math.round(count / 10)));
  return deal(count, Math.min(wanted, Math.floor(count / 4)), stream).stated;
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
