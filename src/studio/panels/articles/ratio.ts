import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'How far one step moves the weights of a part, measured by their size. It does not depend on the scale of the weights, so parts can be compared.',
      zh: '一步更新相对权重大小的变化幅度。它与权重尺度无关，因此各部分可以比较。',
    },
    { formula: 'ratio = ‖θ(t+1) − θ(t)‖ / ‖θ(t+1)‖' },
    {
      en: 'About 10⁻³ is a healthy pace. 10⁻² and more means that a few hundred steps turn the weights over: the rate is high, or the weights are still small, as at the start. Far below 10⁻⁴ little is learned; frozen parts stand at 0.',
      zh: '约 10⁻³ 为健康速度。达到 10⁻² 说明几百步就会改写全部权重：学习率偏高，或权重尚小（如训练初期）。远低于 10⁻⁴ 时几乎不学习；冻结部分为 0。',
    },
  ],
  sources: ['You, Gitman & Ginsburg 2017, arXiv 1708.03888', 'Karpathy 2015, CS231n: Neural Networks 3'],
};
