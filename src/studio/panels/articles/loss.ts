import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'The loss is what training makes smaller: the weighted sum of the terms that the recipe names, averaged over the samples of a step.',
      zh: '损失是训练要减小的量：配方中各项按权重相加，在一步的样本上取平均。',
    },
    { formula: 'L = Σ wᵢ Lᵢ      learned weights: Σ exp(−sᵢ) Lᵢ + sᵢ/2' },
    {
      en: 'The training line is measured before each update, on samples that may be augmented. The validation line is measured on held-out samples without augmentation. The pale band is the range of the raw values nearby; smoothing is a moving average and changes nothing but the picture.',
      zh: '训练曲线在每次更新前、在可能经过增强的样本上测量；验证曲线在未参与训练且不增强的样本上测量。浅色带是附近原始值的范围；平滑只是移动平均，不影响数值。',
    },
    {
      en: 'Validation that rises while training falls is overfitting. A contrastive loss starts near log of the batch size, the loss of a guess, and cannot be compared between batch sizes.',
      zh: '训练下降而验证上升即过拟合。对比损失从约 log(批次大小)（即随机猜测）开始，不同批次大小之间不可比较。',
    },
  ],
  sources: [
    'Goodfellow, Bengio & Courville 2016, ch. 5 and 8',
    'Kendall, Gal & Cipolla 2018, arXiv 1705.07115',
  ],
};
