import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'Each picture of the batch against each caption, by the cosine of their vectors. The contrastive loss wants the diagonal, the true pairs, to be larger than everything in its row and column.',
      zh: '批次中每张图片与每条说明文字的向量余弦。对比损失希望对角线（真实配对）大于同行同列的其他值。',
    },
    { formula: 'L = −½ Σᵢ [log softmaxⱼ(s·cos(xᵢ, yⱼ))ᵢ + log softmaxⱼ(s·cos(xⱼ, yᵢ))ᵢ] / B' },
    {
      en: 'Margin: the mean of the diagonal less the mean of the rest. Temperature is 1/s: the smaller, the more the hardest negatives count. Bright cells off the diagonal are pairs that the model confuses, or captions that say the same.',
      zh: '间隔：对角线均值减去其余均值。温度为 1/s：越小，最难的负样本影响越大。对角线以外的亮格是模型混淆的配对，或含义相同的说明文字。',
    },
  ],
  sources: ['van den Oord, Li & Vinyals 2018, arXiv 1807.03748', 'Radford et al. 2021, arXiv 2103.00020'],
};
