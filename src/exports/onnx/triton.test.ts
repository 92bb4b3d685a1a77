/** The model repository: `config.pbtxt` in protobuf's text format says what the ONNX file beside it says. */
import { expect, test } from 'vitest';
import { defaults } from '../../core/fields.ts';
import { readOnnx } from '../../interchange/onnx/model.ts';
import { definition } from '../onnx.ts';
import { otherModel, shippedModel } from '../testing/models.ts';
import { tritonName } from './triton.ts';

type Value = string | number | Message | Value[];
interface Message {
  [field: string]: Value;
}

/** Protobuf's text format, as much of it as a model's configuration has: scalars, messages, and lists of either. */
function readText(text: string): Message {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[\w.+-]+|[{}[\]:,]/g) ?? [];
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted))
      throw new Error(`${wanted ?? 'more'} was expected, not ${token}`);
    return token;
  };
  const value = (): Value => {
    if (tokens[at] === '{') return message('}');
    if (tokens[at] === '[') {
      take('[');
      const list: Value[] = [];
      while (tokens[at] !== ']') {
        list.push(value());
        if (tokens[at] === ',') take(',');
      }
      take(']');
      return list;
    }
    const token = take();
    if (token.startsWith('"')) return token.slice(1, -1);
    return /^[-\d.]+$/.test(token) ? Number(token) : token;
  };
  const message = (end?: string): Message => {
    if (end) take('{');
    const fields: Message = {};
    while (at < tokens.length && tokens[at] !== end) {
      const name = take();
      if (tokens[at] === ':') take(':');
      if (name in fields) throw new Error(`${name} is said twice`);
      fields[name] = value();
    }
    if (end) take(end);
    return fields;
  };
  return message();
}

const types = { float32: 'TYPE_FP32', int32: 'TYPE_INT32', int64: 'TYPE_INT64' };
const working = { progress: () => undefined, signal: new AbortController().signal };
const fields = { ...defaults(definition.fields), triton: true, maxBatch: 16 };

test.each([
  ['clip-shapes', shippedModel, ['image', 'text', 'joint']],
  ['captioner', shippedModel, ['caption_memory', 'caption_step']],
  ['fusion-moe', shippedModel, ['joint']],
  ['regression', otherModel, ['table', 'image', 'text', 'joint']],
] as const)('%s', async (name, model, programs) => {
  const bundle = await model(name);
  const files = new Map(
    (await definition.write(bundle, fields, working)).map(({ path, bytes }) => [path, bytes]),
  );
  const folder = (program: string) => tritonName(bundle.recipe.name, program);
  expect([...files.keys()].filter((path) => path.startsWith('model_repository/')).sort()).toEqual(
    programs
      .flatMap((program) => [
        `model_repository/${folder(program)}/1/model.onnx`,
        `model_repository/${folder(program)}/config.pbtxt`,
      ])
      .sort(),
  );
  for (const program of programs) {
    const own = `model_repository/${folder(program)}`;
    const config = readText(new TextDecoder().decode(files.get(`${own}/config.pbtxt`)));
    const onnx = readOnnx(files.get(`${own}/1/model.onnx`)!);
    // An input for the whole batch leaves no batch to Triton.
    const batched = program !== 'caption_step';
    expect(config['name']).toBe(folder(program));
    expect(config['backend']).toBe('onnxruntime');
    expect(config['max_batch_size']).toBe(batched ? 16 : 0);
    for (const [key, values] of [
      ['input', onnx.inputs],
      ['output', onnx.outputs],
    ] as const) {
      const expected = values.map(({ name: tensor, type, shape }) => {
        expect(shape[0] === 'batch').toBe(batched || shape[0] !== 1);
        const dims = (batched ? shape.slice(1) : shape).map((extent) =>
          typeof extent === 'number' ? extent : -1,
        );
        return dims.length === 0
          ? { name: tensor, data_type: types[type], dims: [1], reshape: { shape: [] } }
          : { name: tensor, data_type: types[type], dims };
      });
      expect(config[key]).toEqual(expected);
    }
    expect(config['instance_group']).toEqual([{ count: 1, kind: 'KIND_AUTO' }]);
    // Where experts share their room, what is asked by different people is not joined.
    const joins = batched && name !== 'fusion-moe';
    expect('dynamic_batching' in config).toBe(joins);
  }
  expect(definition.use(bundle, fields).code).toContain(
    `model_repository/${folder(programs[0])}`.slice(0, 24),
  );
  const checked = await definition.check!(
    [...files].map(([path, bytes]) => ({ path, bytes })),
    bundle,
    fields,
    working,
  );
  expect(checked.map(({ passed }) => passed)).toEqual(programs.map(() => true));
});

test('names of folders', () => {
  expect(tritonName('My model (2)', 'image')).toBe('my-model-2_image');
  expect(tritonName('模型', 'joint')).toBe('model_joint');
});
