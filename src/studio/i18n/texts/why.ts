import { addTexts } from '../catalogue.ts';
import type { Texts } from '../texts.ts';

export const why = {
  'why.method': ['Method', '方法'],
  'why.integrated': ['Integrated gradients', '积分梯度（Integrated Gradients）'],
  'why.gradcam': ['Grad-CAM', 'Grad-CAM'],
  'why.occlusion': ['Occlusion', '遮挡'],
  'why.what': ['What is explained', '解释对象'],
  'why.similarity': ['similarity', '相似度'],
  'why.of': ['Class', '类别'],
  'why.likeliest': ['likeliest: {name}', '最可能：{name}'],
  'why.class': ['logit of “{name}”', '“{name}”的 logit'],
  'why.cosine': ['similarity of {a} and {b}', '{a}与{b}的相似度'],
  'why.number': ['predicted number', '预测值'],
  'why.loss': ['log-likelihood ({name})', '对数似然（{name}）'],
  'why.value': ['{what}: {value}', '{what}：{value}'],
  'why.nothing': ['of nothing: {value}', '空输入：{value}'],
  'why.missed': ['credits miss {share} %', '归因误差 {share}%'],
  'why.missedMuch': [
    'Credits miss {share} % of the whole: read them as a sketch, or use occlusion.',
    '归因与总量相差 {share}%，仅供参考；可改用“遮挡”。',
  ],
  'why.total': ['{modality} {value}', '{modality} {value}'],
  'why.against': ['against', '不利'],
  'why.for': ['for', '有利'],
  'why.scaleEnd': ['colour ends at ±{most}', '色标到 ±{most}'],
  'why.scaleMost': ['colour ends at {most}', '色标到 {most}'],
  'why.picture': [
    'Credit of {rows} by {columns} places of the picture. Arrow keys choose one.',
    '图片 {rows} × {columns} 处的归因。方向键选择。',
  ],
  'why.place': ['row {row}, column {column}: {value}', '第 {row} 行第 {column} 列：{value}'],
  'why.sound': [
    'Credit over {seconds} seconds of sound. Arrow keys choose a moment.',
    '{seconds} 秒声音的归因。方向键选择时刻。',
  ],
  'why.moment': ['{at} s: {value}', '{at} 秒：{value}'],
  'why.bin': ['{at} s, band {bin}: {value}', '{at} 秒，第 {bin} 频带：{value}'],
  'why.band': ['band', '频带'],
  'why.series': [
    'Credit of {steps} steps by {columns} columns. Arrow keys choose a cell.',
    '{steps} 步 × {columns} 列的归因。方向键选择。',
  ],
  'why.cell': ['step {step}, {column}: {value}', '第 {step} 步，{column}：{value}'],
} as const satisfies Texts;

addTexts(why);
