import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'Some fusions decide how much of a modality gets through. A gate is a number that the model computes and multiplies with: 1 lets all of it through, 0 none. The bars are the mean over one batch of held-out samples, with the deviation between samples.',
      zh: '有些融合会决定让多少模态信息通过。门是模型算出并相乘的一个数：1 全部通过，0 全部挡住。条形为一批留出样本的均值，并标出样本之间的标准差。',
    },
    { formula: 'h = g · a + (1 − g) · b,  g = σ(W [a; b])' },
    {
      en: 'A gate tanh α of gated cross-attention begins at 0, so that the model starts as it was without the other modality; how far it opens tells how much it came to use it.',
      zh: '门控交叉注意力的 tanh α 从 0 开始，模型起初如同没有另一模态；它打开多少，说明模型后来用了多少。',
    },
    {
      en: 'A mixture of experts sends each token to one or a few of several feed-forward layers. Each row is a modality: the share of its tokens whose largest weight each expert has. Even rows mean that the router tells nothing apart; a row on one expert means that it has a specialist; all rows on one expert mean that the others starve.',
      zh: '混合专家把每个词元送到若干前馈层中的一个或几个。每行是一种模态：其词元中由各专家处理（权重最大）的份额。各行均匀说明路由没有区分；一行集中于一个专家说明有专职专家；所有行都集中于同一专家则说明其他专家得不到训练。',
    },
    { formula: 'balance = E · Σᵢ fᵢ · pᵢ   (f: share of tokens, p: mean router probability)' },
    {
      en: 'An open gate shows that a modality passes, not that it helps: the contribution panel measures that.',
      zh: '门打开只说明模态通过了，不说明它有用；有用与否见“贡献”面板。',
    },
  ],
  sources: [
    'Arevalo et al. 2017 (gated units), arXiv 1702.01992',
    'Alayrac et al. 2022 (Flamingo), arXiv 2204.14198',
    'Fedus, Zoph & Shazeer 2021 (Switch), arXiv 2101.03961',
  ],
};
