/** ONNX: a file for each program of the served model, with a dynamic batch; with a switch, as a model repository for Triton. */
import type { FieldValues } from '../core/fields.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { checkPrograms } from './check.ts';
import type { ExportDefinition, ExportFile } from './definition.ts';
import { onnxSnippet } from './onnx/snippet.ts';
import { tritonConfig, tritonName, tritonNotes } from './onnx/triton.ts';
import { chosenPrograms, filesBeside, metadataOf, partsField, readmeOf, unfitFor } from './serving.ts';

/** Bytes of weights that a file may hold: protobuf's messages end at 2 GB. */
const mostBytes = 1.5e9;

/** Where a program lies in what is written. */
function fileOf({ recipe }: ModelBundle, { triton }: FieldValues): (program: string) => string {
  return (program) =>
    triton === true ? `model_repository/${tritonName(recipe.name, program)}/1/model.onnx` : `${program}.onnx`;
}

export const definition: ExportDefinition = {
  type: 'onnx',
  title: { en: 'ONNX', zh: 'ONNX' },
  summary: {
    en: 'For onnxruntime and everything that reads ONNX: encoders, the whole model and captions, for any batch; for Triton on a cluster.',
    zh: '适用于 onnxruntime 及其他支持 ONNX 的工具：编码器、整个模型与描述生成，批大小任意；也可部署到 Triton 集群。',
  },
  source: 'ONNX IR 9, operator set 20, standard operators; https://onnx.ai',
  fields: [
    { ...partsField, choices: [...partsField.choices] },
    {
      key: 'triton',
      kind: 'switch',
      label: { en: 'Triton model repository', zh: 'Triton 模型仓库' },
      help: {
        en: 'Puts each program into a folder with config.pbtxt, as Triton Inference Server reads them.',
        zh: '将每个程序连同 config.pbtxt 放入文件夹，供 Triton Inference Server 读取。',
      },
      default: false,
    },
    {
      key: 'maxBatch',
      kind: 'integer',
      label: { en: 'Largest batch in Triton', zh: 'Triton 最大批大小' },
      help: { en: 'Samples that the server runs at once.', zh: '服务器一次运行的样本数上限。' },
      default: 64,
      min: 1,
      max: 4096,
      advanced: true,
    },
  ],
  unfit: (bundle) => unfitFor(bundle, mostBytes),
  async write(bundle, fields, { progress, signal }) {
    const [{ onnxOf }, { readOnnx }] = await Promise.all([
      import('./onnx/write.ts'),
      import('../interchange/onnx/model.ts'),
    ]);
    const programs = chosenPrograms(bundle, fields);
    const file = fileOf(bundle, fields);
    const files: ExportFile[] = [];
    const described: Parameters<typeof readmeOf>[2] = [];
    for (const [done, program] of programs.entries()) {
      progress({ phase: 'write', done, total: programs.length });
      await new Promise<void>((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      const path = file(program.name);
      const bytes = onnxOf(program, bundle, metadataOf(bundle, program));
      const { inputs, outputs } = readOnnx(bytes);
      files.push({ path, bytes });
      described.push({ program, file: path, inputs, outputs });
      if (fields['triton'] !== true) continue;
      const config = tritonConfig({
        name: tritonName(bundle.recipe.name, program.name),
        inputs,
        outputs,
        maxBatch: Number(fields['maxBatch']),
        joins: !program.shares,
      });
      files.push({
        path: path.replace('1/model.onnx', 'config.pbtxt'),
        bytes: new TextEncoder().encode(config),
      });
    }
    const readme = readmeOf(bundle, 'ONNX', described, {
      use: { language: 'python', code: onnxSnippet(bundle, programs, file) },
      ...(fields['triton'] === true && {
        notes: tritonNotes(tritonName(bundle.recipe.name, programs[0].name)),
      }),
    });
    return [...files, ...filesBeside(bundle), readme];
  },
  async check(files, bundle, fields, working) {
    const { openOnnx } = await import('./onnx/runtime.ts');
    const file = fileOf(bundle, fields);
    return checkPrograms(
      chosenPrograms(bundle, fields),
      bundle,
      'onnxruntime',
      ({ name }) => openOnnx(files.find(({ path }) => path === file(name))!.bytes),
      working,
    );
  },
  use: (bundle, fields) => ({
    language: 'python',
    code: onnxSnippet(bundle, chosenPrograms(bundle, fields), fileOf(bundle, fields)),
  }),
};
