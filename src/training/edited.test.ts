/** A run keeps to the captions and the tokenizer that it began with, to the bit, whatever becomes of the set and of the kept file. */
import { beforeEach, expect, test } from 'vitest';
import { createDataService } from '../data/service.ts';
import { createMemoryStore, memoryFiles } from '../data/store.memory.ts';
import { xor } from '../data/synthetic/xor.ts';
import { trainBpe } from '../data/text/bpe.ts';
import { type KeptTokenizers, keepTokenizers } from '../data/text/kept.ts';
import { TfjsExecutor } from '../engine/tfjs/executor.ts';
import { recipes } from './recipes.ts';
import { RunStore } from './runStore.ts';
import { Workbench } from './workbench.ts';

const { recipe: whole } = recipes().find(({ id }) => id === 'xor')!;
const recipe = {
  ...whole,
  encoders: {
    image: { type: 'vit', patch: 8, width: 8, depth: 1, heads: 2 },
    text: { ...whole.encoders['text'], width: 8, heads: 2 },
  },
  fusion: { type: 'late', width: 8, combine: 'concat' },
  training: { ...whole.training, batch: 8, steps: 4, validateEvery: 2, checkpointEvery: 2 },
};
const set = await xor.make({ count: 60 });
const { fingerprint } = set;
const edits = { fingerprint, captions: { 0: [{ of: 0, text: 'altogether other words' }], 7: [] } };

let runs: RunStore;
let bench: Workbench;
let service: ReturnType<typeof createDataService>;
let tokenizers: KeptTokenizers;

beforeEach(async () => {
  const store = createMemoryStore();
  await store.save(set, []);
  tokenizers = keepTokenizers(memoryFiles());
  service = createDataService({ store, builtIns: [], tokenizers });
  runs = new RunStore(memoryFiles());
  bench = new Workbench({
    runs,
    datasets: store,
    open: () => TfjsExecutor.create('cpu'),
    tokenizer: (chosen) => tokenizers.load(chosen),
  });
});

const lossesTo = async (step: number) => {
  const losses = [];
  while (bench.current.step < step) {
    await bench.current.stepOnce();
    losses.push(bench.current.last['loss']);
  }
  return losses;
};

test('a run takes the edits of its set into its recipe, and older runs see none', async () => {
  await bench.create(recipe, set.id, 'tfjs-cpu', 'before');
  const before = bench.run!;
  expect(before.recipe.data.edits).toBeUndefined();
  const plain = await lossesTo(4);

  await service.clean(set.id, { rules: [] }, {}, edits);
  await bench.create(recipe, set.id, 'tfjs-cpu', 'edited');
  const { id, recipe: own, fingerprint: edited } = bench.run!;
  expect(own.data.edits).toEqual(edits);
  expect(edited).not.toBe(fingerprint);
  expect(bench.current.options.data.captions[0]).toEqual(['altogether other words']);
  expect(bench.current.options.data.captions[7]).toEqual([]);
  const losses = await lossesTo(4);

  // The older one, opened in the edited set, goes the same way again.
  await bench.open(before.id, 0);
  expect(bench.current.options.data.captions).toEqual(set.captions);
  expect(await lossesTo(4)).toEqual(plain);

  // And the edited one where all is taken back, resumed in the middle.
  await service.clean(set.id, { rules: [] }, {}, { fingerprint, captions: {} });
  await bench.open(id, 2);
  expect(bench.current.options.data.captions[0]).toEqual(['altogether other words']);
  expect(await lossesTo(4)).toEqual(losses.slice(2));

  // A new run sees the set as it is now, also with the edited one's recipe.
  await bench.create(own, set.id, 'tfjs-cpu', 'after');
  expect(bench.run!.fingerprint).toBe(fingerprint);
  expect(bench.current.options.data.captions).toEqual(set.captions);
}, 60_000);

test('a tokenizer of a file: named by the recipe, copied by the run, missed where it is not at hand', async () => {
  const json = trainBpe(['other words of other texts', 'words and texts of others'], 280);
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  const tokenizer = await service.addTokenizer([{ name: 'mine.json', bytes }]);
  const named = { ...recipe, data: { ...recipe.data, tokenizer } };
  await bench.create(named, set.id, 'tfjs-cpu', 'one');
  const { id } = bench.run!;
  expect(bench.run!.facts?.vocabulary).toBe(tokenizer.entries);
  expect(bench.current.options.data.tokenizer.toJSON()).toEqual(json);
  const [caption] = set.captions[0];
  const [shown] = await service.tokens(set.id, named.data, [caption]);
  const { pairs, textLength } = bench.current.options.data;
  expect(shown.pieces.map((piece) => piece.id)).toEqual([
    ...pairs.tokens.subarray(0, Math.min(pairs.lengths[0], textLength)),
  ]);
  const losses = await lossesTo(4);

  await service.removeTokenizer(tokenizer.fingerprint);
  await bench.open(id, 2);
  expect(await lossesTo(4)).toEqual(losses.slice(2));
  expect(bench.current.options.data.tokenizer.toJSON()).toEqual(json);
  await expect(bench.create(named, set.id, 'tfjs-cpu', 'two')).rejects.toMatchObject({
    code: 'tokenizer-missing',
    params: { name: 'mine.json' },
  });
  // A branch keeps its parent's copy and cannot take another.
  await expect(bench.branch({ from: runs, run: id }, { recipe })).rejects.toMatchObject({
    code: 'branch-unfit',
  });
}, 60_000);
