import type { Texts } from '../texts.ts';

export const start = {
  'start.title': ['Train models that see and read, in this browser', '在浏览器中训练看图识文的模型'],
  'start.lead': [
    'Drop pictures with captions, train on your GPU, watch every modality learn, take the weights away. Nothing leaves this machine.',
    '拖入带说明文字的图片，用自己的 GPU 训练，实时观察每种模态的学习过程，并带走权重。数据不会离开本机。',
  ],
  'start.sample.title': ['Train on the sample set', '用示例数据训练'],
  'start.sample.body': [
    '2,400 drawn shapes with captions. The curve moves within seconds; after a few minutes the model finds pictures it has never seen.',
    '2,400 张绘制的形状及其说明。几秒内曲线开始变化；几分钟后，模型就能找到从未见过的图片。',
  ],
  'start.sample.button': ['Train now', '立即训练'],
  'start.sample.busy': ['Preparing…', '准备中…'],
  'start.own.title': ['Use your own data', '使用自己的数据'],
  'start.own.body': [
    'A folder or zip of pictures with captions: Flickr8k, COCO, Hugging Face image folders, CSV, .txt beside pictures, or one folder a class.',
    '包含图片与说明的文件夹或 zip：Flickr8k、COCO、Hugging Face 图像文件夹、CSV、图片旁的 .txt，或每类一个文件夹。',
  ],
  'start.own.button': ['Open Data', '打开数据页'],
  'start.model.title': ['Open a model', '打开模型'],
  'start.model.body': [
    'Drop a zip that Export wrote: search with it, look inside, or train on.',
    '拖入“导出”生成的 zip：用它搜索、查看内部或继续训练。',
  ],
  'start.model.button': ['Choose a zip', '选择 zip'],
  'start.recent': ['Recent runs', '最近的训练'],
  'start.recent.open': ['Open', '打开'],
  'start.recent.none': [
    'Runs you train appear here and stay in this browser.',
    '训练过的记录会显示在这里，并保存在此浏览器中。',
  ],
  'start.device': ['This machine', '本机'],
  'start.device.available': ['available', '可用'],
  'start.device.software': ['software, for small models', '软件实现，适合小模型'],
} as const satisfies Texts;
