import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'In self-attention every token looks at all others with weights that sum to 1. The panel shows these weights for the pinned sample, of a block and a head, or the mean of the heads.',
      zh: '自注意力中，每个词元以总和为 1 的权重关注所有词元。本面板显示固定样本在某层某头（或各头平均）的权重。',
    },
    { formula: 'A = softmax(Q Kᵀ / √d)' },
    {
      en: 'Rollout multiplies the maps of all blocks, each with its residual half, to follow what reaches the last block from the first. Entropy tells heads that look at one token (0) from heads that look at all alike (log of their number).',
      zh: 'Rollout 将各层的注意力图（加上残差的一半）相乘，追踪从第一层到最后一层的信息流。熵用于区分只看一个词元的头（0）与平均看所有词元的头（log 个数）。',
    },
    {
      en: 'Attention shows where information can flow, not what the prediction rests on.',
      zh: '注意力表示信息可能流向何处，并不等于预测的依据。',
    },
  ],
  sources: [
    'Vaswani et al. 2017, arXiv 1706.03762',
    'Abnar & Zuidema 2020, arXiv 2005.00928',
    'Jain & Wallace 2019, arXiv 1902.10186',
  ],
};
