import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'What a modality brings is measured by leaving it out: the score on held-out samples is taken for every set of modalities, and the Shapley value shares the whole score among them fairly.',
      zh: '通过去掉某个模态来衡量其贡献：对模态的每个子集测量验证得分，再用 Shapley 值公平分配总得分。',
    },
    { formula: 'φᵢ = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ {i}) − v(S))' },
    {
      en: 'The values add up to the score with everything less that with nothing. Where two modalities say the same (redundancy) they share it; where only both together say something (synergy) each is near zero alone. The curves below show the score of each alone or without each.',
      zh: '各值之和等于全部模态的得分减去没有模态时的得分。两种模态信息相同（冗余）时平分；只有合在一起才有信息（协同）时，单独得分都接近零。下方曲线显示单独或去掉每种模态时的得分。',
    },
  ],
  sources: [
    'Shapley 1953',
    'Hu et al. 2022, arXiv 2203.16217: SHAPE, an unified approach to evaluate contributions of modalities',
  ],
};
