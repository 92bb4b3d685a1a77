import { addTexts } from '../catalogue.ts';
import type { Texts } from '../texts.ts';

export const gates = {
  'gates.samples': ['Over {count} held-out samples.', '基于 {count} 个留出样本。'],
  'gates.spread': ['{value} ± {deviation}', '{value} ± {deviation}'],
  'gates.load': ['Experts of layer {n}', '第 {n} 层的专家'],
  'gates.matrix': [
    '{title}: share of the tokens of {modalities} modalities by {experts} experts. Arrow keys choose one.',
    '{title}：{modalities} 种模态的词元在 {experts} 个专家间的份额。方向键选择。',
  ],
  'gates.cell': [
    '{modality}: expert {expert} answers {share} of the tokens; {dropped} are answered by none',
    '{modality}：专家 {expert} 处理 {share} 的词元；{dropped} 未被处理',
  ],
  'gates.hint': [
    'Experts across. Colour ends at {most}; an even share is {even}.',
    '横向为专家。色标到 {most}；平均份额为 {even}。',
  ],
} as const satisfies Texts;

addTexts(gates);
