import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'Everything that a model computes has a name made of the blocks around it. Write one and its values are counted in bins, for the batch that is in turn at that step, before the update.',
      zh: '模型计算的每个张量都以所在模块命名。写下名称即可看到该步当前批次（更新前）取值的分箱计数。',
    },
    { formula: 'image.block[2].attention.out      image.block[2].attention.out:grad' },
    {
      en: '.out is what leaves a block; it can be left out. :grad is the gradient of the loss by it. :weight means the parameters inside a block, :weight:grad their gradients; one parameter can also be named in full. The list under the field shows what exists.',
      zh: '.out 为离开模块的张量，可省略；:grad 为损失对它的梯度；:weight 为模块内的参数，:weight:grad 为参数梯度；也可写出单个参数的全名。输入框下方的列表列出所有名称。',
    },
    { formula: '*.block[*].attention      text.block[0..3]:grad      image.**:weight, fusion:weight' },
    {
      en: '* stands for anything inside one part of a name, ** for any number of parts, [0..3] for blocks 0 to 3; commas part several queries. The first 12 tensors are counted.',
      zh: '* 匹配名称一节中的任意内容，** 匹配任意多节，[0..3] 为第 0 至 3 个模块；多个查询用逗号分隔。最多统计前 12 个张量。',
    },
    {
      en: 'Bins have equal width from the least to the largest finite value, as numpy.histogram has them; the deviation is divided by n. The strip on the right holds the last 30 histograms that were seen, step by step: a band that narrows to zero is a layer that dies, one that spreads without end a layer that will overflow.',
      zh: '分箱从最小到最大有限值等宽，与 numpy.histogram 一致；标准差除以 n。右侧色带是最近看到的 30 个直方图：收窄到零说明该层在“死亡”，不断扩展说明该层将溢出。',
    },
  ],
  sources: ['numpy.histogram', 'Glorot & Bengio 2010, AISTATS: activations and gradients by layer'],
};
