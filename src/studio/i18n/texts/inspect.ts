import type { Texts } from '../texts.ts';

export const inspect = {
  'inspect.lead': [
    'One sample through the model, at any saved step.',
    '在任意已保存的步数，查看一个样本如何通过模型。',
  ],
  'inspect.emptyTitle': ['No run is open', '没有打开的训练'],
  'inspect.empty': [
    'Train a model or open an earlier run. Then choose any sample here and see where both towers look.',
    '请训练一个模型或打开以前的训练，然后在此选择任意样本，查看两个编码器看向何处。',
  ],
  'inspect.toTrain': ['Go to Train', '前往训练'],
  'inspect.toRuns': ['Open an earlier run', '打开以前的训练'],
  'inspect.search': ['Search captions and files', '搜索说明文字与文件名'],
  'inspect.split': ['Split', '划分'],
  'inspect.samples': ['Samples', '样本'],
  'inspect.count': ['{total} {total|sample|samples}', '{total} 个样本'],
  'inspect.none': [
    'No sample matches. Try other words or another split.',
    '没有匹配的样本，请换个词或划分。',
  ],
  'inspect.sample': ['Sample {index}: {caption}', '样本 {index}：{caption}'],
  'inspect.caption': ['Caption', '说明文字'],
  'inspect.checkpoint': ['Weights of', '权重取自'],
  'inspect.now': ['Now, step {step}', '当前，第 {step} 步'],
  'inspect.step': ['Step {step}', '第 {step} 步'],
  'inspect.attention': ['Attention', '注意力'],
  'inspect.worst': ['Worst pairs of validation', '验证集中最差的配对'],
  'inspect.worstLead': [
    'Lowest CLIP score first: the cosine of picture and caption. Press one to inspect it.',
    '按 CLIP 分数（图文余弦）从低到高排列。点击即可探查。',
  ],
  'inspect.rank': ['rank {rank}', '第 {rank} 名'],
  'inspect.measure': ['Measure', '测量'],
  'inspect.retrieval': ['Retrieval on validation', '验证集检索'],
  'inspect.retrievalLead': [
    'How often the right partner is among the first answers, over all validation pairs.',
    '在全部验证配对中，正确的另一半出现在前几个结果中的比例。',
  ],
  'inspect.pairs': [
    '{pairs} pairs, {images} pictures, loss {loss}',
    '{pairs} 个配对，{images} 张图片，损失 {loss}',
  ],
  'inspect.way': ['Direction', '方向'],
  'inspect.median': ['median rank', '中位名次'],
  'inspect.previous': ['Previous samples', '上一组样本'],
  'inspect.next': ['Next samples', '下一组样本'],
} as const satisfies Texts;
