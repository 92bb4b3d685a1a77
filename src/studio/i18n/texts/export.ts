import { addTexts } from '../catalogue.ts';
import type { Texts } from '../texts.ts';

export const exporting = {
  'export.title': ['Export', '导出'],
  'export.lead': [
    'Take a model away in the form that its next place reads, tried before it is saved; or bring one back.',
    '把模型导出为目标环境可读的形式，保存前先验证；或重新导入模型。',
  ],
  'export.run': ['Run', '训练记录'],
  'export.at': ['Weights', '权重'],
  'export.newest': ['newest (step {step})', '最新（第 {step} 步）'],
  'export.form': ['Form', '形式'],
  'export.reading': ['Reading the model …', '正在读取模型…'],
  'export.write': ['Export', '导出'],
  'export.again': ['Save again', '再次保存'],
  'export.anyway': ['Save anyway', '仍然保存'],
  'export.failed': [
    'A check failed, so nothing was saved. The file may not work where it goes.',
    '有一项验证未通过，因此没有保存。该文件在目标环境可能无法使用。',
  ],
  'export.saved': ['{name} · {bytes}', '{name} · {bytes}'],
  'export.checks': ['Checks', '验证'],
  'export.passed': ['passed', '通过'],
  'export.notPassed': ['failed', '未通过'],
  'export.unchecked': ['This form has no check of its own.', '该形式没有单独的验证。'],
  'export.inside': ['What is inside', '包含内容'],
  'export.file': ['File', '文件'],
  'export.size': ['Size', '大小'],
  'export.use': ['How to use it', '使用方法'],
  'export.none.title': ['Nothing to export yet', '还没有可导出的内容'],
  'export.none.body': [
    'Train a model first; its weights can then be downloaded here.',
    '请先训练模型，然后可在此下载权重。',
  ],
  'export.whole': ['The whole run', '整个训练记录'],
  'export.wholeBody': [
    'Recipe, fingerprint of the data, curves (CSV and TensorBoard), every checkpoint, samples, a model card and the newest report in one zip. Drop it into another browser to go on there.',
    '一个 zip 内含配方、数据指纹、曲线（CSV 与 TensorBoard）、全部检查点、样本、模型卡与最新报告。拖入另一个浏览器即可继续。',
  ],
  'export.wholeSave': ['Save the run', '保存训练记录'],
  'export.import': ['Bring a model back', '导入模型'],
  'export.importBody': [
    'Drop or choose a zip of a model or of a whole run, or the folder of a CLIP, ViT or BERT from Hugging Face (config.json, safetensors, tokenizer). It becomes a run of this browser with equal outputs; Runs › Continue on other data trains it further.',
    '拖入或选择模型或整个训练记录的 zip，或 Hugging Face 上 CLIP、ViT、BERT 的文件夹（config.json、safetensors、分词器）。它会成为本浏览器中输出相同的记录；在“记录 › 在其他数据上继续”中可继续训练。',
  ],
  'export.choose': ['Choose a zip', '选择 zip'],
  'export.chooseHub': ['Choose a Hugging Face folder', '选择 Hugging Face 文件夹'],
  'export.headless': ['The same without the page', '不用网页，同样的操作'],
  'export.step': ['step {step}', '第 {step} 步'],
} as const satisfies Texts;

addTexts(exporting);
