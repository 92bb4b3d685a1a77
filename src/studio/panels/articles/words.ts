import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'The picture is cut into patches, the caption into words. Press a word to see the patches that it has to do with; press a patch to see its words. The slider of saved steps shows when the model found them.',
      zh: '图片被切成图块，说明文字被切成词。点击词查看对应的图块，点击图块查看对应的词。拖动已保存步数的滑块，可看到模型何时学会。',
    },
    {
      en: 'Where the fusion attends across modalities, the map is that attention: for a word, weights over patches that are part of a row that sums to 1. A map that goes the other way is read across, and says so.',
      zh: '若融合在模态之间有注意力，图中就是该注意力：对一个词，图块上的权重属于总和为 1 的一行。方向相反的注意力为反向读取，并会注明。',
    },
    { formula: 'A = softmax(Q_words K_patchesᵀ / √d)' },
    {
      en: 'Where two towers are compared, similarity is the cosine of each word’s and each patch’s own vector, projected as the pooled one is. Nothing trained these vectors by themselves to agree, so that early in training, and in small models, expect rough maps.',
      zh: '若比较两个塔，相似度是每个词与每个图块各自向量的余弦，投影与汇总向量相同。训练并未直接要求这些向量一致，因此训练初期或小模型的图会比较粗略。',
    },
    { formula: 's = (W t)·(V p) / (‖W t‖ ‖V p‖)' },
    {
      en: 'Either shows what lies close together in the model, not what its answer rests on: the panel “Why” asks that.',
      zh: '两者显示的是模型中彼此接近的部分，而不是回答的依据；后者见“为什么”面板。',
    },
  ],
  sources: [
    'Vaswani et al. 2017, arXiv 1706.03762',
    'Yao et al. 2021 (FILIP), arXiv 2111.07783',
    'Jain & Wallace 2019, arXiv 1902.10186',
  ],
};
