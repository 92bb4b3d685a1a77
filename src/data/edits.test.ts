/** What a person changes in captions: what follows from it, and what keeps to what was there. */
import { expect, test } from 'vitest';
import shapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import { type Edits, editFrom, trainedOn } from '../core/edits.ts';
import { parseRecipe } from '../core/recipe.ts';
import type { Dataset } from './dataset.ts';
import { unedited, withEdits } from './edits.ts';
import { prepare } from './prepare.ts';
import { createDataService } from './service.ts';
import { createMemoryStore } from './store.memory.ts';

const plain: Dataset = {
  id: 'edits-1',
  name: 'Edits',
  source: 'test',
  fingerprint: 'f0',
  size: 1,
  pixels: Uint8Array.from({ length: 18 }, (_, i) => i * 9),
  files: ['a.png', 'b.png', 'c.png', 'd.png', 'e.png', 'f.png'],
  captions: [['a red dog', 'a hound'], ['a cat'], ['一只猫'], [], ['a café'], ['zebra']],
  stated: ['train', 'train', 'train', 'train', 'validation', 'train'],
  target: { name: 'kind', kind: 'class', classes: ['x', 'y'], values: Float32Array.of(0, 1, 1, 0, 0, 1, 0) },
};
const edits = (captions: Edits['captions'], fingerprint = 'f0'): Edits => ({ fingerprint, captions });

test('captions are changed, added and removed; targets go with them', () => {
  const made = withEdits(
    plain,
    edits({
      0: [{ of: 1 }, { text: 'a red puppy', of: 0 }],
      1: [{ of: 0 }, { text: 'a tom' }],
      3: [{ text: 'new' }],
      4: [],
    }),
  );
  expect(made.captions).toEqual([
    ['a hound', 'a red puppy'],
    ['a cat', 'a tom'],
    ['一只猫'],
    ['new'],
    [],
    ['zebra'],
  ]);
  expect([...(made.target?.values ?? [])]).toEqual([1, 0, 1, 1, 0, 0, 1, 0]);
  expect(unedited(made)).toEqual(plain);
  // One whose captions disagree says nothing of a new one.
  const added = withEdits(plain, edits({ 0: [{ of: 0 }, { of: 1 }, { text: 'more' }] }));
  expect([...(added.target?.values ?? [])].slice(0, 3)).toEqual([0, 1, -1]);
});

test('the fingerprint follows what is there, not how it came to be', () => {
  const first = withEdits(plain, edits({ 1: [{ of: 0, text: 'a dog' }] }));
  expect(first.fingerprint).not.toBe('f0');
  expect(withEdits(first, edits({ 1: [{ of: 0, text: 'a dog' }], 2: [{ of: 0 }] })).fingerprint).toBe(
    first.fingerprint,
  );
  expect(withEdits(first, edits({ 1: [{ of: 0, text: 'a dingo' }] })).fingerprint).not.toBe(
    first.fingerprint,
  );
  expect(withEdits(first, edits({ 1: [{ of: 0, text: 'a cat' }] })).fingerprint).toBe('f0');
  expect(withEdits(first, undefined)).toEqual(plain);
  // Meant for other data, or for samples and captions that are not there.
  expect(withEdits(plain, edits({ 1: [] }, 'other'))).toEqual(plain);
  expect(withEdits(plain, edits({ 99: [{ text: 'x' }], 1: [{ of: 0 }, { of: 7 }] })).captions).toEqual(
    plain.captions,
  );
});

test('an edit is told from two lists', () => {
  expect(editFrom(['a', 'b'], ['a', 'b'])).toBeUndefined();
  expect(editFrom(['a', 'b'], ['b'])).toEqual([{ of: 1 }]);
  expect(editFrom(['a', 'b'], ['a', 'B', 'c'])).toEqual([{ of: 0 }, { of: 1, text: 'B' }, { text: 'c' }]);
  expect(editFrom([], ['a'])).toEqual([{ text: 'a' }]);
});

test('edits are kept with the set, survive a restart, and the cleaning by hand keeps to them', async () => {
  const store = createMemoryStore();
  await store.save(plain, []);
  const service = createDataService({ store, builtIns: [] });
  const made = edits({ 1: [{ of: 0, text: 'a blue cat' }] });
  const hand = { fingerprint: 'f0', back: [], out: [2] };
  await service.clean(plain.id, { rules: [], hand }, {}, made);
  const again = createDataService({ store, builtIns: [] });
  const { samples, total } = await again.samples(plain.id, { offset: 0, limit: 9, query: 'cat BLUE' });
  expect(total).toBe(1);
  expect(samples[0]).toMatchObject({ index: 1, captions: ['a blue cat'], edited: true });
  expect(await again.sample(plain.id, 1)).toMatchObject({ before: ['a cat'], stated: 'train' });
  expect((await again.samples(plain.id, { offset: 0, limit: 9, dropped: 'only' })).total).toBe(1);
  const [summary] = await store.list();
  expect(summary).toMatchObject({ edits: made, original: 'f0', dropped: 1 });
  expect(summary.fingerprint).not.toBe('f0');
  const recipe = parseRecipe(shapes);
  const run = { fingerprint: 'f0', recipe };
  expect(trainedOn(run, summary)).toBe(true);
  expect(trainedOn({ fingerprint: summary.fingerprint, recipe: { data: { edits: made } } }, summary)).toBe(
    true,
  );
  expect(trainedOn({ fingerprint: 'else', recipe }, summary)).toBe(false);
  // All taken back: as it was.
  await again.clean(plain.id, { rules: [] }, {}, edits({}));
  expect((await store.list())[0]).toMatchObject({ fingerprint: 'f0', dropped: 0 });
  expect((await store.load(plain.id)).captions).toEqual(plain.captions);
});

test('a run reads the set with its own edits, whatever the set’s are now', async () => {
  const { data } = parseRecipe({
    ...shapes,
    data: { ...shapes.data, imageSize: 8, vocabulary: 300, split: { ...shapes.data.split, by: 'files' } },
  });
  const edited = withEdits(plain, edits({ 1: [{ of: 0, text: 'a blue cat' }] }));
  const old = await prepare(edited, data);
  expect(old.captions).toEqual(plain.captions);
  expect(old.fingerprint).toBe('f0');
  const own = await prepare(plain, { ...data, edits: edits({ 1: [{ of: 0, text: 'a blue cat' }] }) });
  expect(own.captions[1]).toEqual(['a blue cat']);
  expect(own.fingerprint).toBe(edited.fingerprint);
  expect(own.tokenizer.decode(own.pairs.tokens.slice(2 * own.textLength, 3 * own.textLength))).toBe(
    'a blue cat',
  );
});
