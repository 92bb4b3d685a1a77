import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'A few samples, taken evenly from the split and the same at every step, so that one sees the model learn. What is hidden is drawn from a fixed seed: the same patches and the same words every time.',
      zh: '从划分中均匀抽取的少量样本，每一步都相同，便于看到模型的进步。被遮住的部分由固定种子决定，每次都相同。',
    },
    {
      en: 'Masked pictures: the model sees the patches that are left and draws the hidden ones. Where the objective compares patches of mean 0 and variance 1, each is shown with the true patch’s mean and deviation, as the authors of MAE do; only its pattern is then the model’s.',
      zh: '掩码图像：模型只看到剩余图块，重建被遮住的部分。若目标按图块归一化比较，则用真实图块的均值和标准差还原显示（与 MAE 作者一致），此时只有图案来自模型。',
    },
    { formula: 'pixel = 255 · ((y·√(σ² + 10⁻⁶) + μ) · s_c + m_c)' },
    {
      en: 'Masked words: the likeliest token with its share, and below it the one that was there. Captions are written greedily. Predictions stand with their share of the softmax, beside the truth where they are wrong; of several labels those with at least a half are said.',
      zh: '掩码词语：上方为最可能的词元及其概率，下方为原词。说明文字用贪心方式生成。分类给出 softmax 概率，错误时附真值；多标签取概率不低于一半者。',
    },
  ],
  sources: [
    'He et al. 2021, arXiv 2111.06377',
    'Devlin et al. 2018, arXiv 1810.04805',
    'Xu et al. 2015, arXiv 1502.03044',
  ],
};
