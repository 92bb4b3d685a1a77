import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'A model answers a sample with a number: a class’s logit, a similarity, a predicted value, a log-likelihood. The panel shares this number out among the patches, words, moments and cells it was made from. Orange speaks for the answer, purple against.',
      zh: '模型对样本的回答是一个数：类别的 logit、相似度、预测值或对数似然。本面板把这个数分摊到产生它的图块、词、时刻和单元格上。橙色为有利，紫色为不利。',
    },
    {
      en: 'Integrated gradients follow the gradient on the way from an empty input to the sample. The credits add up to the difference between the two answers; by how much they miss it stands below, because the integral is a sum of a few steps.',
      zh: '积分梯度沿着从空输入到样本的路径累积梯度。各处归因之和等于两端回答之差；积分由若干步求和近似，误差标在下方。',
    },
    { formula: 'creditᵢ = (xᵢ − x⁰ᵢ) ∫₀¹ ∂f(x⁰ + α(x − x⁰)) / ∂xᵢ dα,  Σ creditᵢ = f(x) − f(x⁰)' },
    {
      en: 'Grad-CAM weighs the features of the picture’s encoder by how strongly the answer depends on each, and keeps what speaks for it. One pass, coarse as the encoder’s grid.',
      zh: 'Grad-CAM 按回答对各特征的依赖程度为图像编码器的特征加权，只保留有利的部分。只需一次计算，粗细取决于编码器的网格。',
    },
    { formula: 'map = max(0, Σ_c mean(∂f/∂A_c) · A_c)' },
    {
      en: 'Occlusion takes one part away at a time and asks again: what the answer loses is the part’s credit. It needs no gradient and misses nothing by approximation, but parts that can stand in for each other get none.',
      zh: '遮挡每次去掉一部分再问一遍：回答减少多少，该部分的归因就是多少。不需要梯度，没有近似误差，但可互相替代的部分都得不到归因。',
    },
    {
      en: 'All three explain the model, not the world: a credit on the background says that this model looks there. Compare methods, and compare with a model of random weights before believing a map.',
      zh: '三种方法解释的是模型而不是世界：背景上的归因只说明该模型在看那里。相信一张图之前，应比较不同方法，并与随机权重的模型对照。',
    },
  ],
  sources: [
    'Sundararajan, Taly & Yan 2017, arXiv 1703.01365',
    'Selvaraju et al. 2017, arXiv 1610.02391',
    'Zeiler & Fergus 2014, arXiv 1311.2901',
    'Adebayo et al. 2018, arXiv 1810.03292',
  ],
};
