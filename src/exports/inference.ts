/**
 * The programs of a served model: each tower alone, all parts together with what every objective says, words found again, and captions (a memory, once,
 * and a step that is taken token by token). They have the parameters of the trained model under their names and nothing of training: no labels, no
 * dropout, no batch statistics. What the training left no weights for (the pooled vector of a tower whose fusion reads tokens alone) is not there.
 * Hidden patches are no program: which patches are hidden is said in rows of the whole batch, so that samples could not be served apart.
 */
import type { Text } from '../core/fields.ts';
import type { Graph } from '../engine/graph/graph.ts';
import type { Tensor } from '../engine/graph/tensor.ts';
import { affine, reshape } from '../engine/ops/functions.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { Model, towerGraph, trainingShape } from '../models/build.ts';
import { captionMemoryGraph, captionStepGraph } from '../models/generation.ts';
import { linear } from '../models/layers/linear.ts';
import type { ModelShape } from '../models/shape.ts';
import { termNames } from '../models/terms.ts';
import { bundleFacts } from '../training/bundle.ts';
import { shapeOf } from '../training/shape.ts';
import { comparedModalities } from '../training/validate.ts';
import type { Program } from './portable/extents.ts';

export interface InferenceProgram {
  /** A word for files: `image`, `joint`, `fill`, `caption_memory`, `caption_step`. */
  name: string;
  about: Text;
  /** The same program for any batch. */
  build(batch: number): Program;
  /** Whether the samples of a batch share something (the room of experts), so that the others change what one gets. */
  shares: boolean;
}

type Outputs = Map<string, Tensor>;

/** Outputs whose weights the model has. */
function having(graph: Graph, outputs: Outputs, { weights }: ModelBundle): Outputs {
  const has = (tensor: Tensor) =>
    graph
      .needed([tensor])
      .every(({ op, attributes }) => op !== 'parameter' || weights.has(String(attributes['name'])));
  return new Map([...outputs].filter(([, tensor]) => has(tensor)));
}

/** Samples first, where a batch was laid flat. */
function bySample(tensor: Tensor, batch: number): Tensor {
  const [rows, ...rest] = tensor.shape;
  return rows === batch ? tensor : reshape(tensor, [batch, rows / batch, ...rest]);
}

/** @param bundle with its adapters merged, as every bundle is */
export function inferencePrograms(bundle: ModelBundle): InferenceProgram[] {
  const { recipe } = bundle;
  const facts = bundleFacts(bundle);
  const shape = (batch: number): ModelShape => trainingShape(recipe, shapeOf(recipe, facts, [], batch));
  const shares = recipe.fusion.type === 'moe';
  const types = recipe.objectives.map(({ type }) => type);
  const programs: InferenceProgram[] = [];
  const offer = (
    name: string,
    about: Text,
    build: (batch: number) => { graph: Graph; outputs: Outputs },
    mixed = false,
  ) => {
    const kept = (batch: number): Program => {
      const { graph, outputs } = build(batch);
      return { graph, outputs: having(graph, outputs, bundle) };
    };
    if (kept(2).outputs.size > 0) programs.push({ name, about, build: kept, shares: mixed });
  };

  for (const modality of Object.keys(recipe.encoders))
    offer(
      modality,
      {
        en: `The ${modality} encoder alone: a unit vector for search and comparison.`,
        zh: `仅 ${modality} 编码器：用于检索和比较的单位向量。`,
      },
      (batch) => towerGraph(recipe, modality, shape(batch)),
    );

  offer(
    'joint',
    {
      en: 'All modalities together, with what every objective says.',
      zh: '所有模态一起，给出每个目标的输出。',
    },
    (batch) => {
      const model = new Model(recipe, shape(batch), false);
      const outputs: Outputs = new Map();
      for (const modality of comparedModalities(recipe) ?? [])
        outputs.set(`${modality}.embedding`, model.embedding(modality));
      const { joint } = model.fuse();
      if (joint) outputs.set('joint', joint);
      for (const { name, built } of model.objectives()) {
        const type = types[termNames(recipe).indexOf(name)];
        if (type === 'mlm' || type === 'mim') continue;
        // Whether a pair belongs together: in training the head sees wrong pairs too, here the one that is given.
        if (type === 'itm' && joint)
          outputs.set(
            `${name}.logits`,
            model.at(name, () => linear(model.graph, 'head', joint, 2)),
          );
        // What each modality says of the class by itself.
        if (type === 'unimodal')
          for (const modality of model.modalities)
            outputs.set(
              `${name}.${modality}`,
              model.at(`${name}.${modality}`, () =>
                linear(model.graph, 'head', model.encode(modality).pooled, facts.target?.classes.length ?? 0),
              ),
            );
        for (const [key, tensor] of Object.entries(built.outputs ?? {}))
          outputs.set(
            `${name}.${key}`,
            type === 'regression'
              ? affine(tensor, facts.target?.deviation ?? 1, facts.target?.mean ?? 0)
              : tensor,
          );
      }
      return { graph: model.graph, outputs };
    },
    shares,
  );

  if (types.includes('mlm'))
    offer(
      'fill',
      {
        en: 'Finds masked words again: the likeliest token of each place, and its probability.',
        zh: '还原被遮住的词：每个位置最可能的词元及其概率。',
      },
      (batch) => {
        const model = new Model(recipe, shape(batch), false);
        const outputs: Outputs = new Map();
        for (const { name, built } of model.objectives()) {
          if (types[termNames(recipe).indexOf(name)] !== 'mlm') continue;
          for (const key of ['guess', 'share'])
            if (built.outputs?.[key]) outputs.set(key, bySample(built.outputs[key], batch));
        }
        return { graph: model.graph, outputs };
      },
      shares,
    );

  if (types.includes('captioning')) {
    const memory = captionMemoryGraph(recipe, shape(2)).outputs;
    const tokens = memory.get('cross.0')!.shape[1];
    offer(
      'caption_memory',
      {
        en: 'What a caption is written from: keys and values of each decoder block, once for a sample.',
        zh: '描述的依据：解码器各层的键和值，每个样本计算一次。',
      },
      (batch) => captionMemoryGraph(recipe, shape(batch)),
      shares,
    );
    offer(
      'caption_step',
      {
        en: 'One token further: from a token and the cache of those before to the logits of the next.',
        zh: '向前一个词元：由一个词元与之前的缓存得到下一个词元的 logits。',
      },
      (rows) => captionStepGraph(recipe, shape(rows), rows, { tokens, masked: memory.has('memoryKeep') }),
    );
  }
  return programs;
}
