/**
 * How hard each block of the model is pulled, how large its weights are, and how far a step moved it: as the last step measured them on the device; at a saved
 * step, gradients of the batch in turn by the graph that trains, and no update, as none is made.
 */
import { blockOf, modalityOf } from '../../core/parts.ts';
import { differentiate } from '../../engine/compile/differentiate.ts';
import type { ParameterLayout } from '../../engine/compile/layout.ts';
import type { Runner } from '../../engine/executor.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, mul, reshape, sqrt, sum } from '../../engine/ops/functions.ts';
import { type ModelShape, trainingGraph } from '../../models/build.ts';
import type { Session } from '../session.ts';
import { Kept } from './kept.ts';
import type { Subject } from './look.ts';
import { batchShape, inputsInTurn, plainAt } from './turn.ts';

export interface BlockNorms {
  /** `image.blocks.0`, `fusion.gate`, `infonce.head`. */
  block: string;
  /** The modality, `fusion`, `heads` or `other` that it is of. */
  of: string;
  parameters: number;
  weight: number;
  /** Before clipping; undefined where the block is not trained. */
  gradient?: number;
  /** Norm of the last change, undefined where none is known. */
  update?: number;
}

export interface Blocks {
  /** In the order of the model's parameters: by depth within each modality. */
  blocks: BlockNorms[];
  /** `step`: as a step measured them; `batch`: gradients of a batch by themselves. */
  from: 'step' | 'batch';
}

const kept = new Kept<Runner>((runner) => runner.destroy());

const squares = (x: Tensor): Tensor => reshape(sum(mul(x, x), [...x.shape.keys()]), []);

/** The norm of the loss's gradient by the parameters of each block, a scalar each, by the block's name. */
export function blockNormGraph(recipe: Subject['model']['recipe'], shape: ModelShape) {
  const { graph, loss } = trainingGraph(recipe, shape);
  const trained = [...graph.parameters.values()].filter(({ trainable }) => trainable);
  const gradients = differentiate(
    graph,
    [{ tensor: loss }],
    trained.map(({ tensor }) => tensor),
  );
  const totals = new Map<string, Tensor>();
  for (const { name, tensor } of trained) {
    const gradient = gradients.get(tensor);
    if (!gradient) continue;
    const block = blockOf(name);
    const before = totals.get(block);
    totals.set(block, before ? add(before, squares(gradient)) : squares(gradient));
  }
  return { graph, outputs: new Map([...totals].map(([block, total]) => [block, sqrt(total)])) };
}

/** Square sums of each block's weights, in float64, with its parameters; statistics are none. */
function weightsOf({ entries }: ParameterLayout, flat: Float32Array) {
  const blocks = new Map<string, { squares: number; parameters: number }>();
  for (const { name, offset, size, follow } of entries) {
    if (follow !== undefined) continue;
    const own = blocks.get(blockOf(name)) ?? { squares: 0, parameters: 0 };
    for (let i = offset; i < offset + size; i++) own.squares += flat[i] ** 2;
    own.parameters += size;
    blocks.set(blockOf(name), own);
  }
  return blocks;
}

/** By block; a block that lies in several runs of the flat buffer is their root of squares. */
function measured({ norms }: Session): Map<string, { gradient: number; update: number }> | undefined {
  if (!norms) return undefined;
  const blocks = new Map<string, { gradient: number; update: number }>();
  for (const [index, { name }] of norms.groups.entries()) {
    const before = blocks.get(name) ?? { gradient: 0, update: 0 };
    blocks.set(name, {
      gradient: Math.hypot(before.gradient, norms.of.gradient[index]),
      update: Math.hypot(before.update, norms.of.update[index]),
    });
  }
  return blocks;
}

export async function look(subject: Subject): Promise<Blocks> {
  const { model, step, session } = subject;
  const { executor, recipe, weights } = model;
  const modalities = Object.keys(recipe.encoders);
  const own = weightsOf(weights.layout, await weights.read('parameters'));
  const last = session && measured(session);
  let found: Record<string, Float32Array> = {};
  if (!last) {
    const runner = await kept.get(model, 'norms', async () => {
      const { graph, outputs } = blockNormGraph(plainAt(recipe, step), batchShape(subject));
      return executor.runner(graph, outputs, weights);
    });
    found = await runner.run(inputsInTurn(subject));
  }
  return {
    from: last ? 'step' : 'batch',
    blocks: [...own].map(([block, { squares: total, parameters }]): BlockNorms => {
      const step = last?.get(block);
      return {
        block,
        of: modalityOf(block, modalities),
        parameters,
        weight: Math.sqrt(total),
        gradient: step?.gradient ?? found[block]?.[0],
        update: step?.update,
      };
    }),
  };
}
