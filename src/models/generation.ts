/**
 * Graphs for writing captions with a captioning model: one that turns a sample into the keys and values of each block's cross-attention, once,
 * and one that takes a token to the next token's logits with the cache of those before, as often as there are tokens.
 */
import { StudioError } from '../core/errors.ts';
import { checkFields } from '../core/fields.ts';
import type { Recipe } from '../core/recipe.ts';
import { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { add, embedding, matmul, reshape } from '../engine/ops/functions.ts';
import { adapterOf } from './adapters.ts';
import { Model } from './build.ts';
import { decoderBlock, memoryKeys } from './layers/decoderBlock.ts';
import { rowsOf } from './layers/gather.ts';
import { linear } from './layers/linear.ts';
import { norm } from './layers/norm.ts';
import { captioning, captionMemory, decoderSize } from './objectives/captioning.ts';
import { type ModelShape, tokenLogits } from './shape.ts';
import { termNames } from './terms.ts';

function decoderOf(recipe: Recipe) {
  const index = recipe.objectives.findIndex(({ type }) => type === 'captioning');
  if (index < 0)
    throw new StudioError('recipe-invalid', {
      path: 'objectives',
      message: 'this model was not trained to write captions',
    });
  const fields = checkFields(captioning.fields, recipe.objectives[index], `objectives.${index}`);
  return { name: termNames(recipe)[index], ...decoderSize(fields) };
}

/** Outputs `cross.<block>` [B, M, 2·D], and `memoryKeep` [B, M] where not all of the memory counts. */
export function captionMemoryGraph(
  recipe: Recipe,
  shape: ModelShape,
): { graph: Graph; outputs: Map<string, Tensor> } {
  const { name, depth, width } = decoderOf(recipe);
  const model = new Model(recipe, shape, false);
  const { graph } = model;
  const outputs = new Map<string, Tensor>();
  model.at(name, () => {
    const { memory, keep } = captionMemory(model);
    for (let layer = 0; layer < depth; layer++)
      outputs.set(
        `cross.${layer}`,
        graph.scope('blocks', () => memoryKeys(graph, String(layer), memory, width)),
      );
    if (keep) outputs.set('memoryKeep', keep);
  });
  return { graph, outputs };
}

/**
 * One token further, for `rows` captions at once. Inputs: `token` i32 [rows]; `place` [1, T, 1], 1 at its place; `keep` [rows, T], 1 up to it;
 * `parent` i32 [rows], whose past each row goes on with (beam search; else its own); `cross.<block>`, `memoryKeep` and `cache.<block>`
 * stay on the device. Outputs: `logits` [rows, tokenLogits] and `next.<block>`, to be fed back as `cache.<block>`.
 */
export function captionStepGraph(
  recipe: Recipe,
  shape: ModelShape,
  rows: number,
  memory: { tokens: number; masked: boolean },
): { graph: Graph; outputs: Map<string, Tensor>; feedback: Map<string, string> } {
  const { name, depth, width, heads } = decoderOf(recipe);
  const { textLength, vocabulary } = shape;
  const graph = new Graph();
  const outputs = new Map<string, Tensor>();
  const feedback = new Map<string, string>();
  const resident = { resident: true };
  const token = graph.input('token', [rows], 'i32');
  const place = graph.input('place', [1, textLength, 1]);
  const keep = graph.input('keep', [rows, textLength]);
  const parent = graph.input('parent', [rows], 'i32');
  const memoryKeep = memory.masked
    ? graph.input('memoryKeep', [rows, memory.tokens], 'f32', resident)
    : undefined;
  const build = () => {
    let x = graph.scope('embedding', () => {
      const table = graph.parameter('weight', [vocabulary, width], { kind: 'normal', deviation: 0.02 });
      const positions = graph.parameter('positions', [textLength, width], {
        kind: 'normal',
        deviation: 0.01,
      });
      const position = matmul(reshape(place, [1, textLength]), positions);
      return reshape(add(embedding(table, token), position), [rows, 1, width]);
    });
    for (let layer = 0; layer < depth; layer++) {
      const block = String(layer);
      const cache = graph.input(`cache.${block}`, [rows, textLength, 2 * width], 'f32', resident);
      const cross = graph.input(`cross.${block}`, [rows, memory.tokens, 2 * width], 'f32', resident);
      const after = graph.scope('blocks', () =>
        decoderBlock(graph, block, x, {
          heads,
          depth,
          memory: cross,
          memoryKeep,
          step: { place, cache: rowsOf(cache, parent), keep },
        }),
      );
      x = after.x;
      outputs.set(`next.${block}`, after.cache!);
      feedback.set(`next.${block}`, `cache.${block}`);
    }
    outputs.set(
      'logits',
      linear(graph, 'decoder', reshape(norm(graph, 'norm', x), [rows, width]), tokenLogits(shape)),
    );
  };
  graph.adapted(
    (layer) => adapterOf(recipe, layer),
    () => graph.scope(name, build),
  );
  return { graph, outputs, feedback };
}
