/** The model's own zip: what other tools read as it is, and what the studio, the command line and every other export start from. */
import { unzipSync } from 'fflate';
import { readBundle, writeBundle } from '../interchange/bundle.ts';
import type { ExportDefinition } from './definition.ts';

export const definition: ExportDefinition = {
  type: 'model',
  title: { en: 'Model', zh: '模型' },
  summary: {
    en: 'Weights, recipe, tokenizer and preprocessing in the files that Hugging Face’s libraries read; opens again in the studio.',
    zh: '权重、配方、分词器与预处理，采用 Hugging Face 各库可读的文件格式；可重新导入本工具。',
  },
  source: 'safetensors 0.4, tokenizer.json, preprocessor_config.json',
  fields: [],
  write: async (bundle) =>
    Object.entries(unzipSync(writeBundle(bundle))).map(([path, bytes]) => ({ path, bytes })),
  async check(files, bundle) {
    const { zipSync } = await import('fflate');
    const packed = zipSync(Object.fromEntries(files.map(({ path, bytes }) => [path, bytes])), { level: 0 });
    const again = readBundle('model', packed).weights;
    const differing = [...bundle.weights].filter(
      ([name, { values }]) =>
        !again.get(name)?.values.every((value, index) => Object.is(value, values[index])),
    );
    const equal = bundle.weights.size - differing.length;
    return [
      {
        name: { en: 'Read again, weights are equal to the bit', zh: '重新读取后权重逐位相同' },
        passed: differing.length === 0 && again.size === bundle.weights.size,
        detail: {
          en: `${equal} of ${bundle.weights.size} tensors`,
          zh: `${bundle.weights.size} 个张量中的 ${equal} 个`,
        },
      },
    ];
  },
  use: () => ({
    language: 'python',
    code: `from safetensors.numpy import load_file
from tokenizers import Tokenizer

weights = load_file("model.safetensors")
ids = Tokenizer.from_file("tokenizer.json").encode("a small red circle").ids`,
  }),
};
