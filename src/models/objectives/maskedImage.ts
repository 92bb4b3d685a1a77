/**
 * Masked image modelling (MAE): three quarters of the patches are hidden from the encoder, and a small decoder draws them from the rest.
 * The loss is the squared error on hidden patches, each patch normalized to mean 0 and variance 1 as in the paper, or on the values as they are.
 */
import { StudioError } from '../../core/errors.ts';
import {
  add,
  affine,
  broadcast,
  concat,
  constant,
  embedding,
  equal,
  mean,
  mul,
  reshape,
  rsqrt,
  slice,
  sub,
  sum,
} from '../../engine/ops/functions.ts';
import type { ObjectiveDefinition } from '../definition.ts';
import { block } from '../layers/block.ts';
import { linear } from '../layers/linear.ts';
import { norm } from '../layers/norm.ts';
import { patches as cutPatches } from '../layers/patches.ts';
import { meanOver } from './classification.ts';
import { shareField, weightField } from './fields.ts';

export const maskedImage: ObjectiveDefinition = {
  type: 'mim',
  title: { en: 'Masked picture (MAE)', zh: '掩码图像建模 (MAE)' },
  summary: {
    en: 'Hides most patches of a picture and draws them again from the rest.',
    zh: '遮住图片的大部分图块，再由其余部分重建。',
  },
  source: 'He et al. 2021, arXiv 2111.06377',
  fields: [
    shareField(0.75, 'Patches that are hidden; MAE takes 75 %.', '被遮住的图块比例；MAE 为 75%。'),
    {
      key: 'depth',
      kind: 'integer',
      label: { en: 'Decoder blocks', zh: '解码器层数' },
      help: { en: 'Transformer blocks of the decoder.', zh: '解码器的 Transformer 层数。' },
      default: 1,
      min: 1,
      max: 8,
    },
    {
      key: 'normalize',
      kind: 'switch',
      label: { en: 'Normalize patches', zh: '图块归一化' },
      help: {
        en: 'Compares patches of mean 0 and variance 1. Off shows colours in the reconstruction.',
        zh: '按均值 0、方差 1 的图块比较。关闭后重建图保留颜色。',
      },
      default: false,
    },
    weightField,
  ],
  needs: { modalities: ['image'] },
  draw({ batch, fields, random, patches: count }): Record<string, Int32Array> {
    // The graph says what is wrong (`build`).
    if (!count) return {};
    const kept = keptCount(count, fields['share'] as number);
    const keptRows = new Int32Array(batch * kept);
    // Row of what was encoded; the row after the last is the mask token.
    const restore = new Int32Array(batch * count).fill(batch * kept);
    for (let row = 0; row < batch; row++) {
      const order = random.permutation(count).subarray(0, kept);
      for (const [place, patch] of order.entries()) {
        keptRows[row * kept + place] = row * count + patch;
        restore[row * count + patch] = row * kept + place;
      }
    }
    return { keptPatches: keptRows, restorePatches: restore };
  },
  build(context) {
    const { graph, fields, patch, drawn: given, encode, inputs, shape } = context;
    const { batch, imageSize } = shape;
    if (!patch)
      throw new StudioError('recipe-invalid', {
        path: 'encoders.image.type',
        message: 'masked pictures need an encoder of patches, a Vision Transformer',
      });
    const count = Math.floor(imageSize / patch) ** 2;
    const kept = keptCount(count, fields['share'] as number);
    const seen = encode('image', { kept: given('keptPatches', [batch, kept], 'i32') });
    const leading = seen.tokens.shape[1] - kept;
    const width = seen.tokens.shape[2];
    const encoded = linear(graph, 'embed', norm(graph, 'norm', slice(seen.tokens, 1, leading, kept)), width);
    const mask = graph.parameter('mask', [width], { kind: 'normal', deviation: 0.02 });
    const table = concat([reshape(encoded, [batch * kept, width]), reshape(mask, [1, width])], 0);
    const restore = given('restorePatches', [batch, count], 'i32');
    const positions = graph.parameter('positions', [count, width], {
      kind: 'normal',
      deviation: width ** -0.5,
    });
    let x = add(embedding(table, restore), positions);
    const depth = fields['depth'] as number;
    for (let layer = 0; layer < depth; layer++)
      x = graph.scope('blocks', () =>
        block(graph, String(layer), x, { heads: headsFor(width), mlp: 4, depth }),
      );
    const drawn = linear(graph, 'decoder', norm(graph, 'last.norm', x), patch * patch * 3);
    let goal = cutPatches(inputs('image')['images'], patch);
    if (fields['normalize']) {
      const centred = sub(goal, mean(goal, [2]));
      goal = mul(centred, rsqrt(affine(mean(mul(centred, centred), [2]), 1, 1e-6)));
    }
    const difference = sub(drawn, goal);
    const error = reshape(mean(mul(difference, difference), [2]), [batch, count]);
    const hidden = equal(restore, constant(graph, batch * kept));
    const perSample = affine(reshape(sum(mul(error, hidden), [1]), [batch]), 1 / (count - kept));
    const { present } = seen;
    const loss = present
      ? meanOver(mul(perSample, present), present)
      : affine(reshape(sum(perSample, [0]), []), 1 / batch);
    const shown = broadcast(reshape(hidden, [batch, count, 1]), drawn.shape);
    return {
      loss,
      measures: { loss: perSample },
      ...(present && { weights: { loss: present } }),
      outputs: { reconstruction: add(mul(drawn, shown), mul(goal, affine(shown, -1, 1))), hidden },
    };
  },
};

const keptCount = (count: number, share: number) =>
  Math.min(count - 1, Math.max(1, Math.round(count * (1 - share))));

/** Heads of 16 numbers where the width allows, and always a multiple of 4 each. */
const headsFor = (width: number) => {
  for (let heads = Math.max(1, Math.floor(width / 16)); heads > 1; heads--)
    if (width % (4 * heads) === 0) return heads;
  return 1;
};
