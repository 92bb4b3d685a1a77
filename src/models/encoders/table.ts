/**
 * Rows of numbers [B, steps, columns] with cells missing. `mlp`: each row by itself through residual layers (Gorishniy et al. 2021, the ResNet of
 * that paper with layer norm). `cnn`: convolutions along the steps of a series. `transformer`: the rows of a series as tokens; of a plain table
 * the columns, as in FT-Transformer of the same paper, each with a weight, a bias and a vector for “missing”. What lies under a
 * missing cell is never read: models see 0 there and beside it that the cell is missing.
 */
import type { FieldValues } from '../../core/fields.ts';
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  broadcast,
  concat,
  constant,
  gelu,
  greater,
  mul,
  reshape,
  slice,
  sum,
} from '../../engine/ops/functions.ts';
import type { EncoderDefinition, Probe } from '../definition.ts';
import { conv1d } from '../layers/conv.ts';
import { linear } from '../layers/linear.ts';
import { maskedMean, norm } from '../layers/norm.ts';
import { stack } from '../layers/stack.ts';
import { kept, positioned } from '../layers/tokens.ts';
import { transformerFields } from './fields.ts';

/** Columns as tokens [B, 1 + columns, width], the class token first. */
function columnTokens(graph: Graph, cells: Tensor, cellKeep: Tensor, width: number): Tensor {
  const [batch, , columns] = cells.shape;
  const initial = { kind: 'normal', deviation: width ** -0.5 } as const;
  return graph.scope('columns', () => {
    const each = (name: string) => graph.parameter(name, [columns, width], initial);
    const value = reshape(mul(cells, cellKeep), [batch, columns, 1]);
    const there = reshape(cellKeep, [batch, columns, 1]);
    const known = add(mul(value, each('weight')), mul(there, each('bias')));
    const tokens = add(known, mul(affine(there, -1, 1), each('missing')));
    const cls = graph.parameter('class', [width], initial);
    return concat([broadcast(reshape(cls, [1, 1, width]), [batch, 1, width]), tokens], 1);
  });
}

/** Rows of a series as tokens [B, steps, width], before the last norm. */
function rowTokens(
  graph: Graph,
  kind: string,
  rows: Tensor,
  keep: Tensor,
  fields: FieldValues,
  probe?: Probe,
): Tensor {
  const width = fields['width'] as number;
  if (kind === 'transformer')
    return stack(graph, positioned(graph, linear(graph, 'rows', rows, width)), fields, { keep, probe });
  let x =
    kind === 'mlp' ? linear(graph, 'rows', rows, width) : conv1d(graph, 'rows', rows, width, { kernel: 3 });
  for (let layer = 0; layer < (fields['depth'] as number); layer++)
    x = graph.scope('blocks', () =>
      graph.scope(String(layer), () => {
        const inner = norm(graph, 'norm', x);
        if (kind === 'cnn')
          return add(x, gelu(conv1d(graph, 'conv', kept(inner, keep), width, { kernel: 3 })));
        const wide = gelu(linear(graph, 'fc1', inner, (fields['mlp'] as number) * width));
        return add(x, linear(graph, 'fc2', wide, width));
      }),
    );
  return x;
}

export const table: EncoderDefinition = {
  type: 'table',
  modality: 'table',
  title: { en: 'Table and series', zh: '表格与序列' },
  summary: {
    en: 'Reads rows of numbers; missing cells are known to be missing, never taken for zero.',
    zh: '读取数值行；缺失单元格按缺失处理，不会当作零。',
  },
  source: 'Gorishniy et al. 2021, arXiv 2106.11959',
  fields: [
    {
      key: 'kind',
      kind: 'choice',
      label: { en: 'Kind', zh: '类型' },
      help: {
        en: 'MLP: each row by itself. Convolution: neighbouring steps of a series. Transformer: all steps, or all columns of a plain table, attend to each other.',
        zh: 'MLP：逐行处理。卷积：利用序列中相邻的时间步。Transformer：序列各步（或普通表格的各列）互相关注。',
      },
      default: 'mlp',
      choices: [
        { value: 'mlp', label: { en: 'MLP', zh: 'MLP' } },
        { value: 'cnn', label: { en: '1-D convolution', zh: '一维卷积' } },
        { value: 'transformer', label: { en: 'Transformer', zh: 'Transformer' } },
      ],
    },
    ...transformerFields(32, 2, 4),
  ],
  tokenWidth: ({ width }) => width as number,
  build({ graph, inputs, fields, width: shared, probe }) {
    const { cells, cellKeep } = inputs;
    const [batch, steps] = cells.shape;
    const width = fields['width'] as number;
    const kind = fields['kind'] as string;
    const project = (pooled: Tensor) => linear(graph, 'projection', pooled, shared, { bias: false });
    if (kind === 'transformer' && steps === 1) {
      const tokens = stack(graph, columnTokens(graph, cells, cellKeep, width), fields, { probe });
      const pooled = norm(graph, 'norm', reshape(slice(tokens, 1, 0, 1), [batch, width]));
      return { pooled: project(pooled), tokens };
    }
    // A row counts when any of its cells is there.
    const keep = reshape(greater(sum(cellKeep, [2]), constant(graph, 0)), [batch, steps]);
    const rows = concat([mul(cells, cellKeep), cellKeep], 2);
    const tokens = rowTokens(graph, kind, rows, keep, fields, probe);
    return { pooled: project(maskedMean(norm(graph, 'norm', tokens), keep)), tokens, keep };
  },
};
