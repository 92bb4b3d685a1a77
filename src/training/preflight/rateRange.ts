/**
 * The learning-rate range test (Smith 2017, arXiv 1506.01186): the rate grows at every step by the same factor while the loss is watched. The rate of the
 * steepest fall is suggested, at most a tenth of that at which the loss runs away; none where it never did, for then the range has not been seen to its end.
 */
import { median } from '../diagnosis/history.ts';
import { rateOf, rounded } from '../diagnosis/remedies.ts';
import type { Check } from './definition.ts';
import { rehearse } from './rehearsal.ts';

const steps = 80;
const [lowest, highest] = [1e-6, 1];
/** Weight of what was before, in the running mean of the loss. */
const memory = 0.8;
/** Of the way from the lowest loss back to that at the start: what was learnt is being undone (a contrastive loss goes no higher than chance). */
const away = 0.6;
/** Steps around a place over which the fall is measured. */
const around = 3;
/** A fall from the start that says anything. */
const visible = 0.03;
/** Times that the recipe's rate may be below the suggestion without a word. */
const off = 20;

export const rateAt = (step: number): number => lowest * (highest / lowest) ** ((step - 1) / (steps - 1));

export interface Range {
  rates: number[];
  smooth: number[];
  /** Where the loss falls fastest; undefined where no fall can be seen. */
  steepest?: number;
  /** Undefined where no fall can be seen, or no end of the range. */
  suggestion?: number;
  /** The rate at which the loss runs away. */
  diverged?: number;
}

/** Running mean, steepest fall and divergence of a range test's losses, one for each step from the first. */
export function readRange(losses: readonly number[]): Range {
  const smooth: number[] = [];
  let mean = 0;
  for (const [i, loss] of losses.entries()) {
    if (!Number.isFinite(loss)) break;
    mean = memory * mean + (1 - memory) * loss;
    smooth.push(mean / (1 - memory ** (i + 1)));
  }
  const rates = smooth.map((_, i) => rateAt(i + 1));
  if (smooth.length === 0) return { rates, smooth, diverged: losses.length > 0 ? rateAt(1) : undefined };
  const start = median(smooth.slice(0, Math.max(1, Math.ceil(steps / 8))));
  const lowestAt = smooth.indexOf(Math.min(...smooth));
  const broke = smooth.length < losses.length;
  const limit = smooth[lowestAt] + away * Math.max(start - smooth[lowestAt], visible * Math.abs(start));
  const rising = smooth.findIndex((loss, i) => i > lowestAt && loss > limit);
  const diverged = rising >= 0 ? rates[rising] : broke ? rateAt(smooth.length + 1) : undefined;
  if (start - smooth[lowestAt] <= visible * Math.abs(start)) return { rates, smooth, diverged };
  let steepest = 0;
  let place = lowestAt;
  for (let i = around; i <= lowestAt; i++) {
    const fall = smooth[i - around] - smooth[Math.min(smooth.length - 1, i + around)];
    if (fall > steepest) {
      steepest = fall;
      place = i;
    }
  }
  const found = rounded(rates[place]);
  const suggestion = diverged === undefined ? undefined : Math.min(found, rounded(diverged / 10));
  return { rates, smooth, steepest: found, suggestion, diverged };
}

const button = { en: 'Train with a rate of {suggestion}', zh: '使用学习率 {suggestion}' };

export const rateRange: Check = {
  id: 'rate-range',
  title: { en: 'Learning-rate range', zh: '学习率范围' },
  about: {
    en: 'Trains a copy for 80 steps while the rate grows from 10⁻⁶ to 1.',
    zh: '训练一个副本 80 步，学习率从 10⁻⁶ 升到 1。',
  },
  trains: true,
  says: {
    broken: {
      seen: {
        en: 'The loss was no number at the first step, at a rate of {lowest}.',
        zh: '第一步（学习率 {lowest}）损失就不是数。',
      },
      why: {
        en: 'No rate helps: a value of the data or the model is not finite.',
        zh: '与学习率无关：数据或模型中有非有限值。',
      },
    },
    none: {
      seen: {
        en: 'No rate between {lowest} and {highest} made the loss fall visibly in {steps:count} steps.',
        zh: '{steps:count} 步内，{lowest} 到 {highest} 之间没有任何学习率使损失明显下降。',
      },
      why: {
        en: 'Each rate is tried for a few steps only; yet where a loss falls, most models show it here.',
        zh: '每个学习率只试几步；不过能学的模型在此大多会有下降。',
      },
    },
    high: {
      seen: {
        en: 'The recipe’s rate, {rate}, is far above {suggestion}, where the loss falls fastest; it runs away at {diverged}.',
        zh: '配方的学习率 {rate} 远高于下降最快处 {suggestion}；在 {diverged} 处发散。',
      },
      why: { en: 'The run may never settle.', zh: '训练可能无法稳定。' },
      button,
    },
    low: {
      seen: {
        en: 'The recipe’s rate, {rate}, is far below {suggestion}, where the loss falls fastest.',
        zh: '配方的学习率 {rate} 远低于下降最快处 {suggestion}。',
      },
      why: {
        en: 'The run takes longer than it must; small rates are right when weights were trained before.',
        zh: '训练会比需要的更久；若权重已预训练过，则小学习率是对的。',
      },
      button,
    },
  },
  async run({ recipe, data, executor, stopped, progress, finding }) {
    const losses: number[] = [];
    await rehearse(
      executor,
      { ...recipe, training: { ...recipe.training, steps: Math.max(steps, recipe.training.steps) } },
      data,
      steps,
      rateAt,
      ({ loss }, step) => {
        stopped();
        progress(step / steps);
        losses.push(loss);
        const { smooth } = readRange(losses);
        // Far enough away: more would only break numbers.
        return smooth.at(-1)! < 4 * Math.abs(Math.min(...smooth)) + 1;
      },
    );
    const { rates, smooth, steepest, suggestion, diverged } = readRange(losses);
    const curve = { x: rates, y: smooth, mark: suggestion };
    const rate = rateOf(recipe);
    const figures = {
      rate,
      ...(suggestion !== undefined && { suggestion }),
      ...(steepest !== undefined && { steepest }),
      ...(diverged !== undefined && { diverged }),
    };
    if (smooth.length === 0) {
      const summary = this.says['broken'].seen;
      return {
        summary,
        figures: { ...figures, lowest },
        findings: [finding({ says: 'broken', severity: 'serious', params: { lowest } })],
      };
    }
    const highestTried = rates.at(-1)!;
    if (steepest === undefined) {
      const params = { lowest, highest: highestTried, steps: losses.length };
      return {
        summary: this.says['none'].seen,
        figures: { ...figures, ...params },
        curve,
        findings: [finding({ says: 'none', severity: 'warning', params })],
      };
    }
    if (suggestion === undefined)
      return {
        summary: {
          en: 'The loss never ran away: {highest} was the highest rate tried, and where the range ends is not known, so none is suggested. It fell fastest around {steepest}; the recipe has {rate}.',
          zh: '损失始终没有发散：试过的最高学习率为 {highest}，范围的终点未知，因此不给出建议。下降最快处在 {steepest} 附近；配方为 {rate}。',
        },
        figures: { ...figures, highest: highestTried },
        curve,
        findings: [],
      };
    const remedy = { change: { rate: suggestion } };
    const params = { rate, suggestion, diverged: diverged! };
    const high = rate > diverged! / 2;
    return {
      summary: {
        en: 'The loss falls fastest around {suggestion}; the recipe has {rate}.',
        zh: '损失在 {suggestion} 附近下降最快；配方为 {rate}。',
      },
      figures,
      curve,
      offer: { button, remedy },
      findings:
        high || rate * off < suggestion
          ? [finding({ says: high ? 'high' : 'low', severity: high ? 'warning' : 'note', params, remedy })]
          : [],
    };
  },
};
