/** A project for PyTorch: the model as readable code with its weights, and what trains, measures and scales it. */
import type { Checked, ExportDefinition, ExportFile } from './definition.ts';
import { checkProject } from './pytorch/check.ts';
import { projectFiles } from './pytorch/project.ts';

export const definition: ExportDefinition = {
  type: 'pytorch',
  title: { en: 'PyTorch project', zh: 'PyTorch 项目' },
  summary: {
    en: 'For people who go on in PyTorch: the model as code, its weights, and scripts that train it on one machine or many.',
    zh: '供继续使用 PyTorch 的人：模型代码、权重，以及在单机或多机上训练的脚本。',
  },
  source: 'PyTorch 2.6 and newer, pytorch.org; safetensors',
  fields: [],
  async write(bundle, _, { signal, progress }): Promise<ExportFile[]> {
    signal.throwIfAborted();
    progress({ phase: 'write', done: 0, total: 1 });
    const files = await projectFiles(bundle);
    progress({ phase: 'write', done: 1, total: 1 });
    return files;
  },
  async check(files, bundle, _, { signal }): Promise<Checked[]> {
    signal.throwIfAborted();
    return checkProject(files, bundle);
  },
  use: () => ({
    language: 'shell',
    code: [
      'pip install -r requirements.txt',
      'python evaluate.py --data ../my-data',
      'python train.py --data ../my-data --out out',
      'torchrun --standalone --nproc_per_node 2 train.py --data ../my-data --parallel fsdp',
    ].join('\n'),
  }),
};
