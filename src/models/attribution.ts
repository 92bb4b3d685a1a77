/**
 * What explains an answer: the graph of one number that the model says of each row, and of its gradient by what the encoders read and by their last tokens.
 * All that is read is scaled by `scale` [B], so that rows can lie on the line from nothing to the sample (integrated gradients, Sundararajan et al. 2017);
 * the gradient by the tokens that the last block reads, or by the last stage of a CNN, is what Grad-CAM weighs (Selvaraju et al. 2017).
 */
import { StudioError } from '../core/errors.ts';
import type { Recipe } from '../core/recipe.ts';
import { differentiate } from '../engine/compile/differentiate.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { affine, mul, reshape, sum } from '../engine/ops/functions.ts';
import { Model, type ModelShape } from './build.ts';

/** A number that the model says of a sample. */
export type Explained =
  /** Cosine of two modalities' vectors. */
  | { kind: 'similarity'; between: [string, string] }
  /** Of a term: the logit of a class (which, says the input `chosen`), a number, or its loss with the sign turned. */
  | { kind: 'class' | 'number' | 'loss'; term: string };

export interface AttributionGraph {
  graph: Graph;
  /** [B]. */
  value: Tensor;
  /** By modality: what its encoder read and its gradient, of equal shape [B, …]; and the same of its last tokens [B, …, D]. */
  entered: Map<string, { read: Tensor; gradient: Tensor }>;
  tokens: Map<string, { read: Tensor; gradient: Tensor }>;
}

/**
 * Inputs besides the model's: `scale` [B], and `chosen` [classes] for a class.
 * @throws StudioError `recipe-invalid` where the recipe says no such number
 */
export function attributionGraph(recipe: Recipe, shape: ModelShape, explained: Explained): AttributionGraph {
  const read = new Map<string, Tensor>();
  const last = new Map<string, Tensor>();
  const { batch } = shape;
  const model = new Model(
    recipe,
    { ...shape, pictures: undefined },
    false,
    (name, tensor) => {
      const [part, what] = name.split('.');
      if (recipe.encoders[part] && (what === 'tokens' || what === 'stage')) last.set(part, tensor);
    },
    undefined,
    (modality, tensor) => {
      const { graph } = tensor;
      const scale = graph.inputs.get('scale') ?? graph.input('scale', [batch]);
      const scaled = mul(tensor, reshape(scale, [batch, ...tensor.shape.slice(1).map(() => 1)]));
      read.set(modality, scaled);
      return scaled;
    },
  );
  const { graph } = model;
  const value = numberOf(model, recipe, explained);
  const wanted = [...read.values(), ...last.values()];
  const gradients = differentiate(graph, [{ tensor: value }], wanted);
  const withGradient = (tensors: ReadonlyMap<string, Tensor>) =>
    new Map(
      [...tensors].flatMap(([modality, tensor]) => {
        const gradient = gradients.get(tensor);
        return gradient ? [[modality, { read: tensor, gradient }] as const] : [];
      }),
    );
  return { graph, value, entered: withGradient(read), tokens: withGradient(last) };
}

function numberOf(model: Model, recipe: Recipe, explained: Explained): Tensor {
  const { batch } = model.shape;
  if (explained.kind === 'similarity') {
    const [a, b] = explained.between.map((modality) => model.embedding(modality));
    return sum(mul(a, b), [1]);
  }
  const { kind, term } = explained;
  const built = model.objectives().find(({ name }) => name === term)?.built;
  const { logits, value } = built?.outputs ?? {};
  const loss = built?.measures?.['loss'];
  if (kind === 'class' && logits) {
    const chosen = model.input('chosen', [logits.shape[1]]);
    return sum(mul(logits, chosen), [1]);
  }
  if (kind === 'number' && value) return reshape(value, [batch]);
  if (kind === 'loss' && loss) return affine(loss, -1);
  throw new StudioError('recipe-invalid', {
    path: 'objectives',
    message: `“${term}” of ${recipe.name} says no ${kind}`,
  });
}
