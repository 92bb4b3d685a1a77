/**
 * One modality learns and another hardly beside it (Wang et al. 2020, arXiv 1905.12681; Peng et al. 2022, arXiv 2203.15332). Encoders differ in size and kind, and
 * optimizers make up for the size of a gradient: a small gradient counts only where the updates, relative to the weights, are small as well.
 */
import type { Detector, Sighting } from './definition.ts';
import { fasterFor, helpFor, mediansOf, modalitiesOf, warmupOf } from './remedies.ts';

const window = 50;
/** Of the largest update ratio: dominated by that alone; or with a gradient that is this share of the largest. */
const hardly = 1 / 20;
const little = 1 / 4;
/** What has stopped altogether is told by `vanishing`. */
const stopped = 1e-7;

const words = {
  seen: {
    en: '{modality:part}: over {steps:count} steps its updates are {share:percent} of those of {other:part} relative to the weights, its gradient {pull:percent}.',
    zh: '{modality:part}：近 {steps:count} 步中，它相对权重的更新只有{other:part}的 {share:percent}，梯度只有 {pull:percent}。',
  },
  why: {
    en: '{other:part} lowers the loss alone; what {modality:part} could add may never be learnt.',
    zh: '{other:part}独自降低了损失；{modality:part}能贡献的内容可能永远学不到。',
  },
};

export const dominance: Detector = {
  code: 'dominance',
  title: { en: 'One modality dominates', zh: '一个模态占主导' },
  panel: 'gradients',
  says: {
    balance: { ...words, button: { en: 'Balance the modalities (OGM-GE)', zh: '平衡各模态 (OGM-GE)' } },
    drop: {
      ...words,
      button: { en: 'Train 30 % of samples without {other:part}', zh: '让 30 % 的样本不含{other:part}' },
    },
    rate: {
      ...words,
      button: { en: 'Give {modality:part} three times the rate', zh: '将{modality:part}的学习率设为三倍' },
    },
  },
  detect(run) {
    const { recipe, history } = run;
    if (history.since(window) < Math.min(warmupOf(recipe), 50)) return [];
    const gradients = mediansOf(run, 'grad', window);
    const ratios = mediansOf(run, 'ratio', window);
    if (ratios.size < 2) return [];
    const [other, most] = [...ratios].sort((a, b) => b[1] - a[1])[0];
    return modalitiesOf(recipe).flatMap((modality): Sighting[] => {
      const [ratio, gradient] = [ratios.get(modality), gradients.get(modality)];
      if (ratio === undefined || gradient === undefined || modality === other) return [];
      const share = ratio / most;
      const pull = gradient / gradients.get(other)!;
      if (ratio < stopped || (share >= hardly && (share >= little || pull >= hardly))) return [];
      // A gradient as large that moves nothing lacks a rate, not balance.
      const { kind, remedy } = pull >= 1 ? fasterFor(recipe, modality) : helpFor(recipe, modality, other);
      return [
        {
          says: kind,
          about: modality,
          severity: 'warning',
          params: { modality, other, share, pull, steps: window },
          remedy,
        },
      ];
    });
  },
};
