/** The programs of a served model: which there are, that nothing of training is in them, and that samples stand for themselves. */
import { describe, expect, test } from 'vitest';
import { interpret } from '../engine/graph/interpret.ts';
import { sizeOf } from '../engine/graph/tensor.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { difference, expectedOf } from './check.ts';
import { drawnInputs } from './drawnInputs.ts';
import { inferencePrograms } from './inference.ts';
import { otherModel, otherRecipes, shippedModel, shippedNames } from './testing/models.ts';

const modelOf = (name: string): Promise<ModelBundle> =>
  otherRecipes.has(name) ? otherModel(name) : shippedModel(name);

/** `joint: images, tokens, keep → joint, vqa.logits` */
async function told(name: string): Promise<string[]> {
  return inferencePrograms(await modelOf(name)).map((program) => {
    const { graph, outputs } = program.build(2);
    const inputs = graph.needed(outputs.values()).filter(({ op }) => op === 'input');
    const names = inputs.map(({ attributes }) => String(attributes['name']));
    return `${program.name}: ${names.join(', ')} → ${[...outputs.keys()].join(', ')}`;
  });
}

test('which programs a model has', async () => {
  expect(await told('clip-shapes')).toEqual([
    'image: images → embedding',
    'text: tokens, keep → embedding',
    'joint: images, tokens, keep → image.embedding, text.embedding',
  ]);
  expect(await told('masked')).toEqual([
    'image: images → embedding',
    'text: tokens, keep → embedding',
    'joint: images, tokens, keep → image.embedding, text.embedding, joint, itm.logits',
    'fill: images, keep, mlm.maskedTokens → guess, share',
  ]);
  // Its fusion reads tokens alone: nothing trained the towers' own vectors.
  expect(await told('fusion-q-former')).toEqual(['joint: images, tokens, keep → joint, vqa.logits']);
  expect(await told('captioner')).toEqual([
    'caption_memory: images → cross.0, cross.1',
    'caption_step: token, place, keep, parent, cache.0, cross.0, cache.1, cross.1 → next.0, next.1, logits',
  ]);
  expect(await told('regression')).toContain(
    'joint: cells, cellKeep, images, tokens, keep → joint, regression.value',
  );
  expect((await told('modalities that may be missing, each alone')).at(-1)).toBe(
    'joint: present.image, images, present.audio, sound, soundKeep → joint, classification.logits, unimodal.image, unimodal.audio',
  );
});

/** What a person who serves a model does not have. */
const ofTraining = /^(target|sampleGroups|textGroups|.*Labels|.*Noise|pixels|views|rows)$/;

describe.each([...shippedNames, ...otherRecipes.keys()])('%s', (name) => {
  test('needs nothing of training, and gives the batch first', async () => {
    for (const program of inferencePrograms(await modelOf(name))) {
      const { graph, outputs } = program.build(3);
      const nodes = graph.needed(outputs.values());
      for (const { op, attributes } of nodes) {
        expect(op).not.toBe('noise');
        if (op === 'input') expect(String(attributes['name'])).not.toMatch(ofTraining);
      }
      for (const { shape } of outputs.values()) expect(shape[0]).toBe(3);
    }
  });

  test('a sample is answered as if it were alone, but where experts share their room', async () => {
    const bundle = await modelOf(name);
    for (const program of inferencePrograms(bundle)) {
      // Beams of a caption go on with each other's past by purpose.
      if (program.shares || program.name === 'caption_step') continue;
      const { inputs, outputs } = expectedOf(program, bundle, 3);
      const { graph, outputs: own } = program.build(1);
      const alone = interpret(graph, [...own.values()], (key) => {
        const drawn = inputs.get(key);
        return drawn ? drawn.values.subarray(0, drawn.values.length / 3) : bundle.weights.get(key)!.values;
      });
      for (const [k, [key, { shape }]] of [...own].entries())
        expect(
          difference({ shape, values: alone[k] }, shape, outputs.get(key)!.values.subarray(0, sizeOf(shape))),
          `${program.name} ${key}`,
        ).toBeLessThan(1e-12);
    }
  });
});

test('drawn inputs are the same for a seed, and are whole tokens and masks', async () => {
  const bundle = await shippedModel('clip-shapes');
  const [, text] = inferencePrograms(bundle);
  const [a, b] = [0, 0].map((seed) => drawnInputs(text.build(3), 50, seed));
  expect(a).toEqual(b);
  expect([...a.keys()]).toEqual(['tokens', 'keep']);
  expect(a.get('tokens')!.values.every((id) => Number.isInteger(id) && id >= 0 && id < 50)).toBe(true);
  expect(new Set(a.get('keep')!.values)).toEqual(new Set([0, 1]));
});
