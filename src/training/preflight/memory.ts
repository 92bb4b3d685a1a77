/** What the run needs on the device against what the adapter gives: by the plan of the same graph, before anything is compiled. */

import { examine } from '../examine.ts';
import { dataFactsOf } from '../expected.ts';
import type { Check } from './definition.ts';

export const memory: Check = {
  id: 'memory',
  title: { en: 'Memory', zh: '内存' },
  about: {
    en: 'Adds up weights, gradients, activations and pictures on the device.',
    zh: '合计设备上的权重、梯度、激活与图片。',
  },
  says: {
    exceeds: {
      seen: {
        en: 'One buffer needs {needed:bytes}; this adapter gives at most {limit:bytes}.',
        zh: '某个缓冲区需要 {needed:bytes}；此设备最多提供 {limit:bytes}。',
      },
      why: { en: 'The run cannot be compiled.', zh: '训练无法编译。' },
      button: {
        en: 'Make a step of two micro-batches of {batch:count}',
        zh: '每步改为两个 {batch:count} 的小批次',
      },
    },
    high: {
      seen: {
        en: 'The run needs about {total:bytes} on the device.',
        zh: '训练约需 {total:bytes} 设备内存。',
      },
      why: {
        en: 'Many adapters have less, and the browser may end the page.',
        zh: '许多设备没有这么多，浏览器可能终止页面。',
      },
      button: {
        en: 'Make a step of two micro-batches of {batch:count}',
        zh: '每步改为两个 {batch:count} 的小批次',
      },
    },
  },
  async run({ recipe, data, executor, finding, progress }) {
    const { memory: needs, warnings } = examine(recipe, executor.adapter, dataFactsOf(data));
    progress(1);
    const { batch, accumulate = 1 } = recipe.training;
    const half = Math.floor(batch / 2);
    const found = warnings.find(({ code }) => code === 'memory-exceeds' || code === 'memory-high');
    const needed = Number(found?.params['needed'] ?? needs.total);
    const limit = executor.adapter.maxBuffer;
    const edits = [
      { path: ['training', 'batch'], value: half },
      { path: ['training', 'accumulate'], value: 2 * accumulate },
    ];
    const params = { ...needs, needed, limit, batch: half };
    return {
      summary: {
        en: '{total:bytes}: weights {weights:bytes}, optimizer {optimizer:bytes}, activations {activations:bytes}, data {data:bytes}.',
        zh: '{total:bytes}：权重 {weights:bytes}，优化器 {optimizer:bytes}，激活 {activations:bytes}，数据 {data:bytes}。',
      },
      figures: { ...needs, limit },
      findings: found
        ? [
            finding({
              says: found.code === 'memory-exceeds' ? 'exceeds' : 'high',
              severity: found.code === 'memory-exceeds' ? 'serious' : 'warning',
              params,
              ...(half >= 2 && 2 * accumulate <= 64 && { remedy: { edits } }),
            }),
          ]
        : [],
    };
  },
};
