import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'A block is one Transformer block, or a part of an encoder, the fusion or a head. For each the norm of all its numbers is taken: of the gradient before clipping, of the weights, and of the change that the last step made.',
      zh: '模块指一个 Transformer 层，或编码器、融合、任务头的一部分。对每个模块计算裁剪前梯度、权重以及上一步变化量的范数。',
    },
    { formula: '‖g_b‖ = √Σ g²      ‖w_b‖ = √Σ w²      ratio = ‖Δw_b‖ / ‖w_b‖' },
    {
      en: 'Bars are logarithmic. From the last block to the first a gradient should stay within an order of magnitude or two; normalization and residual connections keep it so. ▼: below 10⁻⁷ of the largest, which in 32 bits is nothing beside it. ▲: more than 100 times the median, or not finite.',
      zh: '条形为对数刻度。从最后一层到第一层，梯度应保持在一两个数量级之内，归一化与残差连接有助于此。▼：低于最大值的 10⁻⁷，在 32 位精度下可忽略；▲：超过中位数 100 倍，或非有限值。',
    },
    {
      en: 'The ratio of update to weight is a scale-free measure of speed; about 10⁻³ is healthy. With Adam it depends little on the gradient’s size. At a saved step there is no update, and gradients are those of the batch in turn.',
      zh: '更新与权重之比是与尺度无关的学习速度，约 10⁻³ 为宜；使用 Adam 时与梯度大小关系不大。查看已保存的步时没有更新量，梯度取自该步的当前批次。',
    },
  ],
  sources: [
    'Bengio, Simard & Frasconi 1994, IEEE TNN 5(2)',
    'Glorot & Bengio 2010, AISTATS',
    'You, Gitman & Ginsburg 2017, arXiv 1708.03888',
  ],
};
