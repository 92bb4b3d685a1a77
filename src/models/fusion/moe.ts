/**
 * Sparse mixture of experts (Switch Transformer, Fedus et al. 2021; top 2 as in GShard, Lepikhin et al. 2020): a Transformer over all tokens whose
 * feed-forward is one of several, chosen for each token by a router. An expert takes a limited number of tokens; the others pass by the residual.
 * The load-balance loss E·Σ fᵢ·Pᵢ keeps experts in use. Tokens that do not count are never routed.
 */
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  constant,
  div,
  embedding,
  equal,
  gelu,
  greater,
  masked,
  matmul,
  mul,
  reshape,
  route,
  slice,
  softmax,
  stopGradient,
  sum,
  topK,
} from '../../engine/ops/functions.ts';
import type { FusionContext, FusionDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { lowRank } from '../layers/lowRank.ts';
import { norm } from '../layers/norm.ts';
import { branchOf, selfAttend } from './attend.ts';
import { declaring } from './declare.ts';
import { attending, depth, sharedWidth } from './fields.ts';
import { guarded, meanOf, sequence, type Tokens } from './tokens.ts';

/** x [E, C, in] through a layer of each expert's own: weight [E, out, in]. */
function expertLinear({ graph }: FusionContext, name: string, x: Tensor, width: number, deviation: number) {
  const [experts, , inner] = x.shape;
  return graph.scope(name, () => {
    const shape = [experts, width, inner];
    const adapter = graph.adapterOf();
    const frozen = adapter !== undefined;
    const weight = graph.parameter('weight', shape, { kind: 'normal', deviation }, { decay: true, frozen });
    const bias = graph.parameter('bias', [experts, 1, width], { kind: 'constant', value: 0 }, { frozen });
    const y = add(matmul(x, weight, { transposeB: true }), bias);
    return adapter ? add(y, lowRank(graph, x, width, adapter, [experts])) : y;
  });
}

/** What the experts add to h [B, N, width], normed; and the load-balance loss of this layer. */
function expertsOf(context: FusionContext, { x: h, keep }: Tokens, layer: number): [Tensor, Tensor] {
  const { graph, fields, width, probe } = context;
  const experts = fields['experts'] as number;
  const top = Math.min(fields['top'] === 'two' ? 2 : 1, experts);
  const { mlp, depth: layers } = branchOf(fields);
  const [batch, length] = h.shape;
  const tokens = batch * length;
  const flat = reshape(h, [tokens, width]);
  const counts = keep ? reshape(keep, [tokens]) : constant(graph, 1, [tokens]);
  const probabilities = softmax(linear(graph, 'router', flat, experts, { bias: false, deviation: 0.02 }));
  const [choice, places] = topK(probabilities, top);
  const chosen = stopGradient(choice);
  const [slots, sources] = route(places, counts, experts, fields['capacity'] as number);

  // Through the experts: a slot that nothing took repeats the first token, and nothing reads it.
  const room = sources.shape[0] / experts;
  const taken = reshape(embedding(flat, sources), [experts, room, width]);
  const inner = gelu(expertLinear(context, 'fc1', taken, mlp * width, (2 * width) ** -0.5));
  const deviation = width ** -0.5 * (2 * layers) ** -0.5;
  const made = reshape(expertLinear(context, 'fc2', inner, width, deviation), [experts * room, width]);

  // The router's probabilities weigh what comes back: as they are for one expert, summing to 1 over two.
  const raw = reshape(sum(mul(chosen, reshape(probabilities, [tokens, 1, experts])), [2]), [tokens, top]);
  const weights = masked(top > 1 ? div(raw, sum(raw, [1])) : raw, greater(slots, constant(graph, -0.5)));
  const back = mul(embedding(made, slots), reshape(weights, [tokens, top, 1]));
  const y = reshape(sum(back, [1]), [batch, length, width]);
  probe?.(
    `routing.${layer}`,
    reshape(sum(mul(chosen, reshape(weights, [tokens, top, 1])), [1]), [batch, length, experts]),
  );

  // f: share of first choices; P: mean probability; both over tokens that count.
  const column = reshape(counts, [tokens, 1]);
  const number = sum(counts, [0]);
  const divisor = add(number, equal(number, constant(graph, 0)));
  const first = reshape(slice(chosen, 1, 0, 1), [tokens, experts]);
  const f = div(sum(masked(first, column), [0]), divisor);
  const p = div(sum(masked(probabilities, column), [0]), divisor);
  return [y, affine(reshape(sum(mul(f, p), [0, 1]), []), experts)];
}

export const moe: FusionDefinition = {
  type: 'moe',
  title: { en: 'Mixture of experts (Switch)', zh: '混合专家 (Switch)' },
  summary: {
    en: 'A router sends each token to one or two of several experts.',
    zh: '路由器把每个词元送往若干专家中的一个或两个。',
  },
  source: 'Fedus et al. 2021, arXiv 2101.03961; Lepikhin et al. 2020, arXiv 2006.16668',
  arity: { least: 1, most: 4 },
  fields: [
    sharedWidth,
    depth(2),
    ...attending,
    {
      key: 'experts',
      kind: 'integer',
      label: { en: 'Experts', zh: '专家数' },
      help: {
        en: 'More hold more without costing more per token.',
        zh: '专家越多容量越大，而每个词元的计算量不变。',
      },
      default: 4,
      min: 1,
      max: 64,
    },
    {
      key: 'top',
      kind: 'choice',
      label: { en: 'Experts per token', zh: '每个词元的专家数' },
      help: { en: 'Two cost twice as much and route more softly.', zh: '两个专家计算量加倍，路由更平滑。' },
      default: 'one',
      choices: [
        { value: 'one', label: { en: 'one (Switch)', zh: '一个 (Switch)' } },
        { value: 'two', label: { en: 'two (GShard)', zh: '两个 (GShard)' } },
      ],
    },
    {
      key: 'capacity',
      kind: 'number',
      label: { en: 'Capacity factor', zh: '容量系数' },
      help: {
        en: 'Tokens an expert takes, as a multiple of an even share; the rest pass by.',
        zh: '每个专家最多接收的词元数是平均份额的几倍；其余词元直接通过。',
      },
      default: 1.25,
      min: 0.25,
      max: 8,
    },
    {
      key: 'balance',
      kind: 'number',
      label: { en: 'Load-balance weight', zh: '负载均衡权重' },
      help: {
        en: 'Weight of the loss that spreads tokens over the experts.',
        zh: '使词元均匀分布到各专家的损失权重。',
      },
      default: 0.01,
      min: 0,
      max: 10,
    },
  ],
  build: declaring((context) => {
    const { graph, encoded, fields, probe } = context;
    const { tokens, spans } = sequence(context);
    const { keep } = tokens;
    const branch = branchOf(fields);
    let { x } = tokens;
    let balance: Tensor | undefined;
    for (let layer = 0; layer < branch.depth; layer++)
      graph.scope(`blocks.${layer}`, () => {
        const look = probe && ((weights: Tensor) => probe(`attention.${layer}`, weights));
        x = add(x, selfAttend(graph, 'attention', { x, keep }, branch, look));
        const [added, loss] = graph.scope('experts', () =>
          expertsOf(context, { x: norm(graph, 'norm', x), keep }, layer),
        );
        x = add(x, added);
        balance = balance ? add(balance, loss) : loss;
      });
    x = norm(graph, 'norm', x);
    const joint = guarded(meanOf({ x, keep }), encoded);
    const losses = { balance: affine(balance!, fields['balance'] as number) };
    return { joint, tokens: x, keep, spans, losses };
  }),
};
