/** JavaScript with which a person begins: data to inputs and a run. */
import type { ModelBundle } from '../../interchange/bundle.ts';
import { bundleFacts } from '../../training/bundle.ts';
import type { InferenceProgram } from '../inference.ts';

const list = (values: readonly number[]) =>
  `[${values.map((value) => Number(value.toPrecision(9))).join(', ')}]`;

export function tfjsSnippet(bundle: ModelBundle, programs: readonly InferenceProgram[]): string {
  const { marks } = bundleFacts(bundle);
  const { preprocessing, recipe } = bundle;
  const { size, mean, deviation } = preprocessing;
  const { textLength } = recipe.data;
  const shown = programs.find(({ name }) => name === 'joint') ?? programs[0];
  const { graph, outputs } = shown.build(1);
  const inputs = graph
    .needed(outputs.values())
    .filter(({ op }) => op === 'input')
    .map(({ attributes, outputs: [{ shape }] }) => ({ name: String(attributes['name']), shape }));
  const has = (name: string) =>
    inputs.some((input) => input.name === name || input.name.endsWith(`.${name}`));
  const worded = marks && (has('tokens') || has('maskedTokens'));
  const value = ({ name, shape }: (typeof inputs)[number]): string => {
    if (name === 'images') return 'pictures';
    if (name === 'tokens' || name.endsWith('maskedTokens')) return 'tokens';
    if (name === 'keep') return 'keep';
    return /keep$/i.test(name) || name.startsWith('present.')
      ? `tf.ones([${shape.join(', ')}])`
      : `tf.zeros([${shape.join(', ')}])`;
  };
  return [
    "import * as tf from '@tensorflow/tfjs';",
    ...(worded ? ["import { Tokenizer } from '@huggingface/tokenizers';"] : []),
    '',
    `const model = await tf.loadGraphModel('${shown.name}/model.json');`,
    ...(has('images')
      ? [
          `// A square picture of ${size} × ${size}; shrink larger ones as README.md says.`,
          `const pixels = tf.browser.fromPixels(document.querySelector('img')).toFloat();`,
          `const pictures = pixels.div(255).sub(${list(mean)}).div(${list(deviation)}).expandDims();`,
        ]
      : []),
    ...(worded
      ? [
          "const tokenizer = new Tokenizer(await (await fetch('tokenizer.json')).json(), {});",
          "const { ids } = tokenizer.encode('a small red circle', { add_special_tokens: false });",
          `const marked = [${marks.start}, ...ids.slice(0, ${textLength - 2}), ${marks.end}];`,
          `const padded = Array.from({ length: ${textLength} }, (_, k) => marked[k] ?? ${marks.pad});`,
          "const tokens = tf.tensor([padded], undefined, 'int32');",
          'const keep = tf.tensor([padded.map((_, k) => (k < marked.length ? 1 : 0))]);',
        ]
      : []),
    `const names = ${JSON.stringify([...outputs.keys()])
      .replaceAll('"', "'")
      .replaceAll(',', ', ')};`,
    `const answers = model.execute({ ${inputs.map((input) => `'${input.name}': ${value(input)}`).join(', ')} }, names);`,
  ].join('\n');
}
