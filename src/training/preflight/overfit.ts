/**
 * Whether the model can learn a handful of pairs by heart. One that cannot has a mistake in the data, the model or the rate, and will not learn more from more
 * (Karpathy, A Recipe for Training Neural Networks, 2019).
 */
import type { Recipe } from '../../core/recipe.ts';
import type { PreparedData } from '../../data/prepared.ts';
import { objectives } from '../../models/registry.ts';
import { phrase } from '../diagnosis/phrase.ts';
import { timesRate } from '../diagnosis/remedies.ts';
import { type Check, skip } from './definition.ts';
import { rehearse } from './rehearsal.ts';

const mostPairs = 16;
const steps = 150;
/** Of the loss at the start over the least there can be, what counts as learnt by heart. */
const learnt = 0.1;
/** And what counts as nothing learnt. */
const nothing = 0.9;

const contrasts = (recipe: Recipe): boolean =>
  recipe.objectives.some(({ type }) => objectives.find((one) => one.type === type)?.contrasts);

/** Pairs of different samples, and of different captions where samples are told apart by them, so that nothing but the model stands in the way. */
export function fewPairs(data: PreparedData, recipe: Recipe, count: number): Int32Array {
  const { sample, textGroup } = data.pairs;
  const taken: number[] = [];
  const samples = new Set<number>();
  const groups = new Set<number>();
  const differing = contrasts(recipe);
  for (const pair of data.splitPairs.train) {
    if (samples.has(sample[pair]) || (differing && groups.has(textGroup[pair]))) continue;
    samples.add(sample[pair]);
    groups.add(textGroup[pair]);
    taken.push(pair);
    if (taken.length === count) break;
  }
  return Int32Array.from(taken);
}

/** The same data with these pairs as all there is to train on. */
export function only(data: PreparedData, pairs: Int32Array): PreparedData {
  const kept = new Set(Array.from(pairs, (pair) => data.pairs.sample[pair]));
  return {
    ...data,
    splits: data.splits.map((_, sample) => (kept.has(sample) ? 'train' : 'test')),
    splitPairs: { train: pairs, validation: new Int32Array(), test: new Int32Array() },
  };
}

/** Without what keeps a model from learning by heart. */
function plain(recipe: Recipe, batch: number): Recipe {
  const { accumulate: _, cached: __, drop: ___, stages: ____, balance: _____, ...training } = recipe.training;
  const optimizer =
    training.optimizer['weightDecay'] === undefined
      ? training.optimizer
      : { ...training.optimizer, weightDecay: 0 };
  return {
    ...recipe,
    data: { ...recipe.data, augment: { crop: 0, flip: false, color: 0, wordDropout: 0 } },
    training: { ...training, batch, steps, optimizer },
  };
}

/**
 * The least InfoNCE of so many pairs at a temperature: right pairs alike, all others as far apart as vectors can be (a simplex, Wang & Isola 2020). Other losses can
 * reach 0, or close to it.
 */
export const leastContrast = (pairs: number, scale: number): number =>
  Math.log(1 + (pairs - 1) * Math.exp((-scale * pairs) / (pairs - 1)));

/** Of all InfoNCE terms together. */
const weightOfContrast = ({ objectives: parts }: Recipe): number =>
  parts.reduce((sum, { type, weight }) => sum + (type === 'infonce' ? Number(weight ?? 1) : 0), 0);

/** Share of what can be learnt that is left; 0 where there is nothing to learn. */
export const leftOver = (first: number, loss: number, least: number): number =>
  first > least ? Math.max(0, loss - least) / (first - least) : loss > first ? 1 : 0;

const seen = {
  en: 'In {steps:count} steps on {count:count} pairs the loss went from {first} to {last}: {share:percent} of what can be learnt is left; at {learnt:percent} they count as learnt.',
  zh: '在 {count:count} 对样本上训练 {steps:count} 步，损失从 {first} 变为 {last}：还有 {share:percent} 未学到；降到 {learnt:percent} 即算学会。',
};

export const overfit: Check = {
  id: 'overfit',
  title: { en: 'Learn a few pairs by heart', zh: '记住少量样本' },
  about: phrase(
    {
      en: 'Trains a copy on up to {mostPairs:count} pairs, for at most {steps:count} steps, until {learnt:percent} of what can be learnt is left.',
      zh: '用至多 {mostPairs:count} 对样本训练一个副本，至多 {steps:count} 步，直到未学到的只剩 {learnt:percent}。',
    },
    { mostPairs, steps, learnt },
  ),
  trains: true,
  says: {
    stuck: {
      seen,
      why: {
        en: 'It learns next to nothing even of these: the rate is far off, inputs and answers do not belong together, or nothing reaches the model.',
        zh: '连这些也几乎学不到：学习率差得太远、输入与答案不对应，或者输入没有传到模型。',
      },
    },
    slow: {
      seen,
      why: {
        en: 'It learns, but slowly: the rate is low, the model small, or the objective hides or masks what it asks for.',
        zh: '能学但很慢：学习率偏低、模型偏小，或目标本身会随机遮盖内容。',
      },
      button: { en: 'Raise the rate to {rate}', zh: '把学习率提高到 {rate}' },
    },
    broken: {
      seen: {
        en: 'The loss was no number at step {steps:count} on {count:count} pairs.',
        zh: '在 {count:count} 对样本上训练到第 {steps:count} 步时损失不再是数。',
      },
      why: { en: 'The rate is far too high.', zh: '学习率过高。' },
      button: { en: 'Lower the rate to {rate}', zh: '把学习率降到 {rate}' },
    },
  },
  async run({ recipe, data, executor, stopped, progress, finding }) {
    const pairs = fewPairs(data, recipe, Math.min(mostPairs, recipe.training.batch));
    if (pairs.length < 2)
      return skip({
        en: 'Skipped: there are no two different pairs to train on.',
        zh: '已跳过：训练集中没有两对不同的样本。',
      });
    const rate = Number(recipe.training.optimizer['rate'] ?? 1e-3);
    const losses: number[] = [];
    const weight = weightOfContrast(recipe);
    let share = 1;
    await rehearse(
      executor,
      plain(recipe, pairs.length),
      only(data, pairs),
      steps,
      (step) => rate * Math.min(1, step / 10),
      ({ loss, scale = 0 }, step) => {
        stopped();
        progress(step / steps);
        losses.push(loss);
        share = leftOver(losses[0], loss, weight * leastContrast(pairs.length, scale));
        return share > learnt;
      },
    );
    const [first, last] = [losses[0], losses.at(-1)!];
    const params = { count: pairs.length, steps: losses.length, first, last, share, learnt };
    if (!Number.isFinite(last)) {
      const { remedy, params: more } = timesRate(recipe, 0.1);
      return {
        summary: this.says['broken'].seen,
        figures: params,
        findings: [finding({ says: 'broken', severity: 'serious', params: { ...params, ...more }, remedy })],
      };
    }
    if (share <= learnt) return { summary: seen, figures: params, findings: [] };
    const { remedy, params: more } = timesRate(recipe, 3);
    const stuck = share > nothing;
    return {
      summary: seen,
      figures: params,
      findings: [
        finding(
          stuck
            ? { says: 'stuck', severity: 'serious', params }
            : { says: 'slow', severity: 'note', params: { ...params, ...more }, remedy },
        ),
      ],
    };
  },
};
