import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'A model turns each sample into a vector. This panel draws some of these vectors on a plane. All are of length 1, so that nearness is the cosine of the angle between two of them.',
      zh: '模型把每个样本变成一个向量，本面板把其中一部分画在平面上。所有向量长度为 1，两者的远近即夹角余弦。',
    },
    {
      en: 'Principal components are the two directions along which the vectors vary most. Distances on the map are true as far as these two reach: the share of the variance stands at each axis.',
      zh: '主成分是向量变化最大的两个方向。图上距离在这两个方向上是真实的，各轴旁标出所占方差。',
    },
    { formula: 'y = Wᵀ(x − x̄),  W: eigenvectors of cov(x) with the largest eigenvalues' },
    {
      en: 'UMAP keeps neighbours together and lets everything else bend: clusters can be trusted, the distance between them and their size cannot. Each map starts from the one before and is turned onto it, so that points can be followed while the model learns.',
      zh: 'UMAP 让邻居靠在一起，其余部分可弯曲：簇可信，簇间距离和簇的大小不可信。每张图从上一张开始并旋转对齐，便于跟踪训练过程。',
    },
    {
      en: 'Modality gap: the distance between the centres of two modalities. Contrastive models keep one even when they retrieve well. Alignment: the mean squared distance of pairs, 0 is best. Uniformity: how evenly vectors fill the sphere; 0 when all are one point, lower when they spread.',
      zh: '模态间隙：两种模态中心之间的距离；对比模型即使检索良好也常有间隙。对齐度：配对向量的平均平方距离，0 最好。均匀度：向量在球面上的分布；全部重合为 0，越分散越低。',
    },
    { formula: 'gap = ‖x̄ − ȳ‖   alignment = E‖xᵢ − yᵢ‖²   uniformity = log E exp(−2‖xᵢ − xⱼ‖²)' },
    {
      en: 'Effective rank: how many dimensions are used, as exp of the entropy of the singular values. Near 1 the vectors have collapsed. It is taken of the first 256 vectors, uniformity of the first 512.',
      zh: '有效秩：实际使用的维数，即奇异值熵的指数。接近 1 说明表示已坍缩。取前 256 个向量计算；均匀度取前 512 个。',
    },
  ],
  sources: [
    'Liang et al. 2022, arXiv 2203.02053',
    'Wang & Isola 2020, arXiv 2005.10242',
    'McInnes, Healy & Melville 2018, arXiv 1802.03426',
    'Roy & Vetterli 2007, EUSIPCO',
  ],
};
