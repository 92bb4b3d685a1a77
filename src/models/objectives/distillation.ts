/**
 * Distillation from an earlier run, whose frozen weights are part of the graph: its answers softened by a temperature (Hinton et al. 2015), its
 * unit vectors (as in CLIP-KD, Yang et al. 2023), or how similar its vectors are to each other (similarity-preserving, Tung & Mori 2019). Samples
 * that lack a modality say nothing of its vectors.
 */
import { StudioError } from '../../core/errors.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import {
  add,
  affine,
  constant,
  div,
  equal,
  logSoftmax,
  matmul,
  mul,
  reshape,
  softmax,
  sub,
  sum,
  unitLength,
} from '../../engine/ops/functions.ts';
import type { ObjectiveContext, ObjectiveDefinition } from '../definition.ts';
import { linear } from '../layers/linear.ts';
import { weightField } from './fields.ts';

const total = (x: Tensor): Tensor => reshape(sum(x, [...x.shape.keys()]), []);

/** T²·KL(teacher ‖ student) over rows. */
function softened(student: Tensor, teacher: Tensor, temperature: number): Tensor {
  const sharper = 1 / temperature;
  const share = softmax(affine(teacher, sharper));
  const gap = sub(logSoftmax(affine(teacher, sharper)), logSoftmax(affine(student, sharper)));
  return affine(total(mul(share, gap)), temperature ** 2 / student.shape[0]);
}

/** Σ w·(a − b)² / Σ rows that count, or / their square for a matrix of similarities. `present` is [B]. */
function meanSquare(a: Tensor, b: Tensor, present: Tensor | undefined, between: boolean): Tensor {
  const [batch] = a.shape;
  const difference = sub(a, b);
  const squares = mul(difference, difference);
  if (!present) return affine(total(squares), between ? 1 / batch ** 2 : 1 / batch);
  const rows = mul(squares, reshape(present, [batch, 1]));
  const count = total(present);
  const least = add(count, equal(count, constant(a.graph, 0)));
  if (!between) return div(total(rows), least);
  return div(total(mul(rows, reshape(present, [1, batch]))), mul(least, least));
}

/** Unit vectors of the modalities that both models have. */
function vectors({ modalities, embedding, encode, teacher }: ObjectiveContext) {
  const shared = modalities.filter((modality) => teacher!.modalities.includes(modality));
  if (shared.length === 0)
    throw new StudioError('recipe-invalid', {
      path: 'objectives',
      message: 'the teacher shares no modality with this model',
    });
  return shared.map((modality) => {
    const goal = teacher!.embedding(modality);
    const own = embedding(modality);
    return { modality, own, goal, present: encode(modality).present };
  });
}

export const distillation: ObjectiveDefinition = {
  type: 'distillation',
  title: { en: 'Distillation from an earlier run', zh: '从已有训练蒸馏' },
  summary: {
    en: 'Makes this model answer as an earlier, often larger one does.',
    zh: '让模型模仿先前（通常更大）的模型。',
  },
  source: 'Hinton et al. 2015, arXiv 1503.02531; Tung & Mori 2019, arXiv 1907.09682',
  fields: [
    {
      key: 'teacher',
      kind: 'run',
      label: { en: 'Teacher', zh: '教师模型' },
      help: { en: 'The earlier run to learn from.', zh: '要学习的先前训练。' },
    },
    {
      key: 'what',
      kind: 'choice',
      label: { en: 'What is copied', zh: '蒸馏内容' },
      help: {
        en: 'Answers need a classification in both; vectors and relations need shared modalities.',
        zh: '“回答”要求两者都有分类目标；“向量”和“关系”要求有共同的模态。',
      },
      default: 'relation',
      choices: [
        { value: 'logits', label: { en: 'answers', zh: '回答 (logits)' } },
        { value: 'embeddings', label: { en: 'vectors', zh: '向量' } },
        { value: 'relation', label: { en: 'relations between samples', zh: '样本间关系' } },
      ],
    },
    {
      key: 'temperature',
      kind: 'number',
      label: { en: 'Temperature', zh: '温度' },
      help: { en: 'Softens the answers of both models.', zh: '软化两个模型的回答。' },
      default: 2,
      min: 0.5,
      max: 20,
      advanced: true,
    },
    weightField,
  ],
  needs: {},
  build(context) {
    const { graph, fields, teacher, earlier, shape } = context;
    if (!teacher)
      throw new StudioError('recipe-invalid', {
        path: 'objectives',
        message: 'distillation has no teacher; choose an earlier run',
      });
    const lacking = shape.absent && shape.absent.length > 0;
    if (fields['what'] === 'logits') {
      const own = earlier().find(({ outputs }) => outputs?.['logits'])?.outputs?.['logits'];
      const goal = teacher.logits();
      if (lacking && !(own && goal)) return undefined;
      if (!own || !goal || own.shape[1] !== goal.shape[1])
        throw new StudioError('recipe-invalid', {
          path: 'objectives',
          message:
            'copying answers needs a classification objective before the distillation, and a teacher with the same classes',
        });
      return { loss: softened(own, goal, fields['temperature'] as number) };
    }
    if (lacking && !context.modalities.some((name) => teacher.modalities.includes(name))) return undefined;
    const losses = vectors(context).map(({ modality, own, goal, present }) => {
      if (fields['what'] === 'relation') {
        const relations = (x: Tensor) => matmul(x, x, { transposeB: true });
        return meanSquare(relations(own), relations(goal), present, true);
      }
      const width = goal.shape[1];
      const fitted =
        own.shape[1] === width ? own : unitLength(linear(graph, `${modality}.projection`, own, width));
      return meanSquare(fitted, goal, present, false);
    });
    return { loss: affine(losses.reduce(add), 1 / losses.length) };
  },
};
