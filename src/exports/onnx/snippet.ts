/** Python with which a person begins: data to inputs, a run, and for captions the loop. */
import type { ModelBundle } from '../../interchange/bundle.ts';
import { bundleFacts } from '../../training/bundle.ts';
import type { InferenceProgram } from '../inference.ts';

const list = (values: readonly number[]) =>
  `[${values.map((value) => Number(value.toPrecision(9))).join(', ')}]`;

function pictureCode({ preprocessing: { size, mean, deviation, fit, background } }: ModelBundle): string {
  const square = {
    crop: `    side = min(image.size)
    left, top = ((extent - side) / 2 for extent in image.size)
    image = image.crop((int(left), int(top), image.width - int(left), image.height - int(top)))
    box = (left % 1, top % 1, left % 1 + side, top % 1 + side)
    image = image.resize((${size}, ${size}), Image.BILINEAR, box=box)`,
    stretch: `    image = image.resize((${size}, ${size}), Image.BILINEAR)`,
    pad: `    scale = ${size} / max(image.size)
    inner = image.resize([max(1, round(extent * scale)) for extent in image.size], Image.BILINEAR)
    image = Image.new("RGB", (${size}, ${size}), "${background}")
    image.paste(inner, ((${size} - inner.width) // 2, (${size} - inner.height) // 2))`,
  }[fit];
  return `def picture(path):
    image = Image.open(path).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "${background}"), image).convert("RGB")
${square}
    pixels = np.asarray(image, np.float32) / 255
    return ((pixels - np.float32(${list(mean)})) / np.float32(${list(deviation)}))[None]`;
}

function wordsCode(
  { recipe: { data } }: ModelBundle,
  marks: { pad: number; start: number; end: number },
): string {
  const { textLength } = data;
  return `def words(text):
    ids = tokenizer.encode(text, add_special_tokens=False).ids[:${textLength - 2}]
    ids = [${marks.start}, *ids, ${marks.end}]
    tokens = np.full((1, ${textLength}), ${marks.pad}, np.int32)
    tokens[0, :len(ids)] = ids
    keep = (np.arange(${textLength}) < len(ids)).astype(np.float32)[None]
    return tokens, keep`;
}

/** An input of one sample, as Python. */
function inputCode(name: string, shape: readonly number[]): string {
  if (name === 'images') return 'picture("picture.png")';
  if (name === 'tokens' || name.endsWith('maskedTokens')) return 'tokens';
  if (name === 'keep') return 'keep';
  if (/keep$/i.test(name) || name.startsWith('present.'))
    return `np.ones((${shape.join(', ')},), np.float32)`;
  return `np.zeros((${shape.join(', ')},), np.float32)`;
}

/**
 * @param programs those that are written
 * @param file of a program
 */
export function onnxSnippet(
  bundle: ModelBundle,
  programs: readonly InferenceProgram[],
  file: (program: string) => string,
): string {
  const { marks } = bundleFacts(bundle);
  const named = (name: string) => programs.find((program) => program.name === name);
  const memory = named('caption_memory');
  const shown = memory ?? named('joint') ?? programs[0];
  const { graph, outputs } = shown.build(1);
  const inputs = graph
    .needed(outputs.values())
    .filter(({ op }) => op === 'input')
    .map(({ attributes, outputs: [{ shape }] }) => ({ name: String(attributes['name']), shape }));
  const pictured = inputs.some(({ name }) => name === 'images');
  const worded = inputs.some(({ name }) => name === 'tokens' || name.endsWith('maskedTokens'));
  const lines = [
    'import numpy as np',
    'import onnxruntime as ort',
    ...(pictured ? ['from PIL import Image'] : []),
    ...(worded || memory
      ? ['from tokenizers import Tokenizer', '', 'tokenizer = Tokenizer.from_file("tokenizer.json")']
      : []),
    ...(pictured ? ['', pictureCode(bundle)] : []),
    ...(worded && marks
      ? ['', wordsCode(bundle, marks), '', 'tokens, keep = words("a small red circle")']
      : []),
    '',
    `inputs = {${inputs.map(({ name, shape }) => `"${name}": ${inputCode(name, shape)}`).join(', ')}}`,
    ...(inputs.some(({ name }) => name === 'sound' || name === 'cells')
      ? ['# Sound and numbers are zeros here; README.md says how a clip or a row becomes them.']
      : []),
  ];
  if (memory && marks) return [...lines, captionCode(bundle, file, marks)].join('\n');
  return [
    ...lines,
    `model = ort.InferenceSession("${file(shown.name)}")`,
    'for output, value in zip(model.get_outputs(), model.run(None, inputs)):',
    '    print(output.name, value)',
  ].join('\n');
}

/** Greedy: the likeliest token, until the end mark. */
function captionCode(
  bundle: ModelBundle,
  file: (program: string) => string,
  { start, end }: { start: number; end: number },
): string {
  const { textLength } = bundle.recipe.data;
  const { vocabulary } = bundleFacts(bundle);
  return `
def run(model, inputs):
    return dict(zip([output.name for output in model.get_outputs()], model.run(None, inputs)))

memory = run(ort.InferenceSession("${file('caption_memory')}"), inputs)
step = ort.InferenceSession("${file('caption_step')}")
cache = {i.name: np.zeros((1, *i.shape[1:]), np.float32) for i in step.get_inputs() if i.name.startswith("cache.")}
places = np.arange(${textLength})
token, written = ${start}, []
for at in range(${textLength - 1}):
    out = run(step, {
        "token": np.int32([token]), "parent": np.int32([0]), **cache, **memory,
        "place": (places == at).astype(np.float32)[None, :, None],
        "keep": (places <= at).astype(np.float32)[None],
    })
    token = int(out["logits"][0, :${vocabulary}].argmax())
    if token == ${end}:
        break
    written.append(token)
    cache = {name.replace("next", "cache"): value for name, value in out.items() if name != "logits"}
print(tokenizer.decode(written))`;
}
