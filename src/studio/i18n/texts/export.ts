import type { Texts } from '../texts.ts';

export const exporting = {
  'export.title': ['Export', '导出'],
  'export.lead': [
    'Take a model away as files that other tools read, or bring one back.',
    '把模型导出为其他工具可读的文件，或重新导入。',
  ],
  'export.run': ['Run', '训练记录'],
  'export.download': ['Download the zip', '下载 zip'],
  'export.done': ['{name} saved, {bytes}', '已保存 {name}，{bytes}'],
  'export.inside': ['What is inside', '包含内容'],
  'export.weights': [
    'Weights under readable names; PyTorch and safetensors load them as they are.',
    '带可读名称的权重；PyTorch 与 safetensors 可直接读取。',
  ],
  'export.recipe': [
    'Everything about the run; drop it into the studio or run it headless.',
    '训练的全部设置；可拖入工作室或在命令行运行。',
  ],
  'export.tokenizer': [
    'The vocabulary learned from the captions, in Hugging Face’s form.',
    '从说明文字学到的词表，Hugging Face 格式。',
  ],
  'export.preprocessing': [
    'Size, mean and deviation that pictures need before the model.',
    '图片输入模型前所需的尺寸、均值与标准差。',
  ],
  'export.card': ['A model card with what was measured.', '记录测量结果的模型卡。'],
  'export.none.title': ['Nothing to export yet', '还没有可导出的内容'],
  'export.none.body': [
    'Train a model first; its weights can then be downloaded here.',
    '请先训练模型，然后可在此下载权重。',
  ],
  'export.import': ['Bring a model back', '导入模型'],
  'export.importBody': [
    'Drop or choose a zip that Export wrote. It becomes a run with equal outputs.',
    '拖入或选择“导出”生成的 zip。它会成为一条输出相同的记录。',
  ],
  'export.choose': ['Choose a zip', '选择 zip'],
  'export.imported': ['“{name}” imported', '已导入“{name}”'],
  'export.headless': ['Train the same recipe on a server', '在服务器上训练同一配方'],
  'export.step': ['step {step}', '第 {step} 步'],
} as const satisfies Texts;
