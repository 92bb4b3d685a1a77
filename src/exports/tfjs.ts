/** TensorFlow.js: a graph model in a folder for each program of the served model, with a dynamic batch. */
import { checkPrograms } from './check.ts';
import type { ExportDefinition, ExportFile } from './definition.ts';
import { chosenPrograms, filesBeside, metadataOf, partsField, readmeOf, unfitFor } from './serving.ts';
import { tfjsSnippet } from './tfjs/snippet.ts';

/** Bytes of weights: they are put together in one piece before they are cut into shards. */
const mostBytes = 1.9e9;

export const definition: ExportDefinition = {
  type: 'tfjs',
  title: { en: 'TensorFlow.js', zh: 'TensorFlow.js' },
  summary: {
    en: 'Graph models for web pages and Node: tf.loadGraphModel reads them, for any batch.',
    zh: '供网页与 Node 使用的图模型：用 tf.loadGraphModel 加载，批大小任意。',
  },
  source: 'TensorFlow.js graph model: GraphDef in JSON, shards of 4 MB',
  fields: [{ ...partsField, choices: [...partsField.choices] }],
  unfit: (bundle) => unfitFor(bundle, mostBytes),
  async write(bundle, fields, { progress, signal }) {
    const { tfjsOf } = await import('./tfjs/write.ts');
    const programs = chosenPrograms(bundle, fields);
    const files: ExportFile[] = [];
    const described: Parameters<typeof readmeOf>[2] = [];
    for (const [done, program] of programs.entries()) {
      progress({ phase: 'write', done, total: programs.length });
      await new Promise<void>((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      const { name } = program;
      const written = tfjsOf(program, bundle.weights, metadataOf(bundle, program));
      for (const [path, bytes] of written.files) files.push({ path: `${name}/${path}`, bytes });
      described.push({ program, file: `${name}/model.json`, ...written });
    }
    const use = { language: 'javascript', code: tfjsSnippet(bundle, programs) };
    const notes = programs.some(({ shares }) => shares)
      ? 'The room of its experts is read while the model runs: take the backend `wasm` or `cpu`; on `webgpu` that reading is slow, and some devices do not bear it.'
      : undefined;
    return [...files, ...filesBeside(bundle), readmeOf(bundle, 'TensorFlow.js', described, { use, notes })];
  },
  async check(files, bundle, fields, working) {
    const { openTfjs } = await import('./tfjs/runtime.ts');
    return checkPrograms(
      chosenPrograms(bundle, fields),
      bundle,
      'TensorFlow.js',
      ({ name }) => {
        const folder = `${name}/`;
        const own = files.filter(({ path }) => path.startsWith(folder));
        return openTfjs(new Map(own.map(({ path, bytes }) => [path.slice(folder.length), bytes])));
      },
      working,
    );
  },
  use: (bundle, fields) => ({
    language: 'javascript',
    code: tfjsSnippet(bundle, chosenPrograms(bundle, fields)),
  }),
};
