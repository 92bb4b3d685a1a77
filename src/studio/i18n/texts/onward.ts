import type { Texts } from '../texts.ts';

export const onward = {
  'onward.menu': ['Continue on other data…', '在其他数据上继续…'],
  'onward.title': ['Continue “{name}” on other data', '在其他数据上继续“{name}”'],
  'onward.lead': [
    'A new run begins at step 0 with these weights, as far as they fit; “{name}” stays as it is.',
    '新的训练从第 0 步开始，尽可能沿用这些权重；“{name}”保持不变。',
  ],
  'onward.step': ['Weights after step', '权重取自第几步'],
  'onward.data': ['New data', '新数据'],
  'onward.data.none': [
    'There is no other data set in this browser. Import one or draw a built-in one on the Data screen.',
    '此浏览器中没有其他数据集。请在“数据”页导入或生成内置数据集。',
  ],
  'onward.steps': ['Steps', '步数'],
  'onward.recipe': ['Recipe', '配方'],
  'onward.recipe.own': ['That of the run', '该训练的配方'],
  'onward.recipe.model': ['The one on the Model screen', '模型页的配方'],
  'onward.add': ['Add {modality}, which the new data has', '加入新数据中的{modality}'],
  'onward.add.help': [
    'A new encoder begins at random; what is there already is taken.',
    '新的编码器从随机值开始；已有部分沿用。',
  ],
  'onward.replay': ['Replay old samples', '回放旧样本'],
  'onward.replay.help': [
    'Some training samples of “{name}” stay in every batch, so that they are not forgotten.',
    '每个批次都保留“{name}”的部分训练样本，以免遗忘。',
  ],
  'onward.replay.gone': [
    'The data set of this run, “{name}”, is not in this browser, so it can be neither replayed nor measured.',
    '该训练的数据集“{name}”不在此浏览器中，无法回放或测量。',
  ],
  'onward.samples': ['Samples kept', '保留样本数'],
  'onward.samples.of': ['of {count} for training', '共 {count} 个训练样本'],
  'onward.share': ['Their share of a batch', '占批次的比例'],
  'onward.byClass': ['As many of each class', '每类数量相同'],
  'onward.measure': ['Measure the old data too', '同时测量旧数据'],
  'onward.measure.help': [
    'At every validation; the charts show both, and how much is forgotten.',
    '每次验证时进行；图表同时显示两者以及遗忘程度。',
  ],
  'onward.freeze': ['Freeze the encoders that are taken', '冻结沿用的编码器'],
  'onward.freeze.help': [
    'They stay exactly as they are; only fusion, heads and new parts learn.',
    '它们保持不变；仅融合、头部和新部分学习。',
  ],
  'onward.taken': ['What is taken', '沿用的内容'],
  'onward.taken.asking': ['Looking what fits…', '正在检查匹配…'],
  'onward.go': ['Create the run', '创建训练'],
  'onward.from': ['weights of “{name}”, step {step}', '权重来自“{name}”，第 {step} 步'],
  'onward.fromHere': ['weights of step {step}', '沿用第 {step} 步的权重'],
  'onward.dataChanged': ['Data “{from}” → “{to}”', '数据“{from}” → “{to}”'],
} as const satisfies Texts;
