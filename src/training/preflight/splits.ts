/** Whether the splits can tell anything: enough held out, none of it trained on, every class in training, and no class so large that always guessing it looks good. */
import type { PreparedData } from '../../data/prepared.ts';
import type { Sighting } from '../diagnosis/definition.ts';
import { factsFor } from '../diagnosis/facts.ts';
import { heldOut } from '../diagnosis/heldOut.ts';
import { History } from '../diagnosis/history.ts';
import { leak } from '../diagnosis/leak.ts';
import type { Check } from './definition.ts';
import { tooFew } from './enough.ts';

/** Of all samples, and of an even share, what a class must have to be called very large. */
const large = 0.5;
const uneven = 3;

/** Samples of each class in a split. */
function counts({ target, splitPairs }: PreparedData, split: 'train' | 'validation'): number[] {
  const found = new Array<number>(target!.classes.length).fill(0);
  for (const pair of splitPairs[split]) if (target!.values[pair] >= 0) found[target!.values[pair]]++;
  return found;
}

function ofClasses(data: PreparedData): Sighting[] {
  if (data.target?.kind !== 'class') return [];
  const { classes } = data.target;
  const [train, held] = [counts(data, 'train'), counts(data, 'validation')];
  const total = train.reduce((a, b) => a + b, 0);
  const missing = classes.filter((_, k) => train[k] === 0 && held[k] > 0);
  const most = train.indexOf(Math.max(...train));
  const share = total > 0 ? train[most] / total : 0;
  return [
    ...(missing.length > 0
      ? [
          {
            says: 'missing',
            severity: 'warning' as const,
            params: { count: missing.length, names: missing.slice(0, 5).join(', ') },
          },
        ]
      : []),
    ...(share > large && share * classes.length > uneven
      ? [{ says: 'uneven', severity: 'note' as const, params: { name: classes[most], share } }]
      : []),
  ];
}

export const splits: Check = {
  id: 'splits',
  title: { en: 'Splits and classes', zh: '划分与类别' },
  about: {
    en: 'Looks for splits that are too small, leaks, and classes that are missing or very large.',
    zh: '检查划分是否过小、是否有泄漏，以及缺失或过大的类别。',
  },
  says: {
    ...Object.fromEntries(Object.entries(heldOut.says).map(([name, words]) => [`held-${name}`, words])),
    ...Object.fromEntries(Object.entries(leak.says).map(([name, words]) => [`leak-${name}`, words])),
    few: {
      seen: {
        en: 'There are {have:count} samples to train on; a batch needs {need:count}.',
        zh: '可训练的样本有 {have:count} 个，一个批次需要 {need:count} 个。',
      },
      why: { en: 'Not one batch can be drawn.', zh: '一个批次也凑不齐。' },
      button: { en: 'Train with a batch of {batch:count}', zh: '使用批量 {batch:count}' },
    },
    missing: {
      seen: {
        en: '{count:count} classes are held out and never trained on: {names}.',
        zh: '有 {count:count} 个类别只出现在验证集中：{names}。',
      },
      why: {
        en: 'They cannot be answered right, and lower the score whatever the model does.',
        zh: '模型不可能答对它们，得分必然偏低。',
      },
    },
    uneven: {
      seen: {
        en: '{share:percent} of the training samples are of the class “{name}”.',
        zh: '{share:percent} 的训练样本属于类别“{name}”。',
      },
      why: {
        en: 'Always answering it scores as much: compare with that, not with chance.',
        zh: '总是回答它也能得到同样的分数：应与之比较，而不是与随机猜测比较。',
      },
    },
  },
  async run({ recipe, data, finding, progress }) {
    const facts = factsFor(data, recipe);
    const run = { history: new History(), recipe, step: 0, steps: recipe.training.steps, facts };
    progress(1);
    const few = tooFew(data, recipe);
    const batch = few ? 2 ** Math.floor(Math.log2(Math.max(1, few.have))) : 0;
    const sightings: Sighting[] = [
      ...(few
        ? [
            {
              says: 'few',
              severity: 'serious' as const,
              params: { ...few, batch },
              ...(batch > 1 && { remedy: { edits: [{ path: ['training', 'batch'], value: batch }] } }),
            },
          ]
        : []),
      ...heldOut.detect(run).map((one) => ({ ...one, says: `held-${one.says}` })),
      ...leak.detect(run).map((one) => ({ ...one, says: `leak-${one.says}` })),
      ...ofClasses(data),
    ];
    return {
      summary: {
        en: '{train:count} pairs to train on, {validation:count} held out, {leaked:count} of them equal to a training pair.',
        zh: '训练 {train:count} 对，验证 {validation:count} 对，其中 {leaked:count} 对与训练样本相同。',
      },
      figures: { train: facts.train, validation: facts.validation, leaked: facts.leaked },
      findings: sightings.map(finding),
    };
  },
};
