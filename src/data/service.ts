/**
 * What the data worker does, free of workers: plans, imports, the built-in sets, the list and the table. Kept apart so
 * that it runs in tests and on the command line with another store and another decoder.
 */
import type { Cleaning } from '../core/cleaning.ts';
import type { Edits } from '../core/edits.ts';
import { asStudioError, StudioError } from '../core/errors.ts';
import type { FieldValues } from '../core/fields.ts';
import type { OnProgress } from '../core/progress.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import type { ChosenTokenizer } from '../core/tokenizer.ts';
import { loadAugmentations } from './augmentations.ts';
import { type Browsed, facetsOf, findSamples, isEdited, type SampleFilter } from './browse.ts';
import type { Form } from './card.ts';
import type { CleaningReport, RuleReport } from './cleaning/report.ts';
import type { Dataset, DatasetStore, DatasetSummary } from './dataset.ts';
import { type Divided, dividedBy } from './divided.ts';
import { withEdits } from './edits.ts';
import { type GroupCounts, groupCounts } from './groupCounts.ts';
import { firstPairs, has } from './having.ts';
import type { PictureOptions } from './image/resize.ts';
import {
  type ImportTools,
  importSources,
  planImport,
  previewImport,
  previewSources,
  type ReaderGuess,
} from './import.ts';
import type { ImportPreview } from './preview.ts';
import { outlineOf, viewOf } from './sampleView.ts';
import { candidates } from './sources/divide.ts';
import { openDropped } from './sources/open.ts';
import { type FileTree, treeBytes } from './sources/tree.ts';
import { shownSplits } from './splits.ts';
import { splitsOf } from './splits.ways.ts';
import type { Statistics } from './statistics.ts';
import { memoryFiles } from './store.memory.ts';
import type { BuiltIn } from './synthetic/builtIn.ts';
import { type KeptTokenizers, keepTokenizers } from './text/kept.ts';
import type { TextData } from './text/learned.ts';
import type { Tokenizer } from './text/tokenizer.ts';
import type { TokenizedText } from './text/tokens.ts';
import { createThumbnails } from './thumbnails.ts';
import type { Sampled, SampleViews } from './views.ts';
import type { WriteTools } from './writers/index.ts';

/** Views of a sample that are shown beside it. */
const viewsAtOnce = 6;

interface Work {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

interface ServiceParts {
  store: DatasetStore;
  builtIns: readonly BuiltIn[];
  tokenizers?: KeptTokenizers;
}

/** A plan and how it is read. */
interface Choice {
  plan: string;
  reader: string;
  options: FieldValues;
}

interface DroppedFile {
  path: string;
  file: Blob;
}

export interface Plan {
  id: string;
  name: string;
  files: number;
  bytes: number;
  guesses: ReaderGuess[];
}

export function createDataService({
  store,
  builtIns,
  tokenizers = keepTokenizers(memoryFiles()),
}: ServiceParts) {
  const plans = new Map<string, FileTree>();
  const treeOf = (plan: string): FileTree => {
    const tree = plans.get(plan);
    if (!tree) throw new StudioError('dataset-missing', { dataset: plan });
    return tree;
  };
  const sourceOf = ({ plan, reader, options }: Choice) => ({ tree: treeOf(plan), reader, options });
  // The table and its pictures ask for the same set again and again while a person scrolls.
  let open: (Browsed & { found?: { filter: string; indices: Int32Array } }) | undefined;
  const browsed = (dataset: Dataset, splits = shownSplits(dataset)) => ({
    dataset,
    splits,
    first: firstPairs(dataset.captions),
    gone: new Set(dataset.dropped),
  });
  const load = async (id: string) => {
    if (open?.dataset.id !== id) open = browsed(await store.load(id));
    return open;
  };
  // Views are asked for again with every change of the augmentation.
  let looked: { dataset: Dataset; key: string; sampled: Sampled } | undefined;
  // Learning one takes a while, and captions are looked at one after another.
  let learned: { key: string; tokenizer: Promise<Tokenizer> } | undefined;
  const tokenizerFor = async (of: Browsed, data: TextData): Promise<Tokenizer> => {
    const { split, vocabulary, tokenizer } = data;
    const { dataset, gone } = of;
    const key = tokenizer
      ? tokenizer.fingerprint
      : JSON.stringify([dataset.id, dataset.fingerprint, split, vocabulary, [...gone]]);
    if (learned?.key === key) return learned.tokenizer;
    const made = (async () => {
      const { loadTokenizer } = await import('./text/tokenizer.ts');
      if (tokenizer) return loadTokenizer(await tokenizers.load(tokenizer));
      const { learnedTokenizer } = await import('./text/learned.ts');
      const splits = (await splitsOf(dataset, split)).map((one, i) => (gone.has(i) ? 'test' : one));
      return loadTokenizer(learnedTokenizer(dataset.captions, splits, data));
    })();
    learned = { key, tokenizer: made };
    made.catch(() => {
      if (learned?.tokenizer === made) learned = undefined;
    });
    return made;
  };
  const summaryOf = async (id: string): Promise<DatasetSummary | undefined> =>
    (await store.list()).find((summary) => summary.id === id);

  const service = {
    /**
     * Looks at what was dropped: one set, or several where each folder, archive or table is complete in itself.
     * @param together whether all of it is one set, whatever it looks like
     */
    async plan(
      files: readonly DroppedFile[],
      { together = false, signal, onProgress }: Work & { together?: boolean } = {},
    ): Promise<Plan[]> {
      onProgress?.({ phase: 'list', done: 0, total: files.length });
      const parts = together ? [[...files]] : candidates(files);
      const found: (Plan & { tree: FileTree })[] = [];
      const look = async (part: readonly DroppedFile[]) => {
        const tree = await openDropped(part);
        if (signal?.aborted) throw new StudioError('cancelled', { what: tree.name });
        const guesses = await planImport(tree);
        if (signal?.aborted) throw new StudioError('cancelled', { what: tree.name });
        const id = crypto.randomUUID().slice(0, 8);
        return { id, name: tree.name, files: tree.files.length, bytes: treeBytes(tree), guesses, tree };
      };
      for (const part of parts.length > 1 ? parts : []) {
        const plan = await look(part).catch((error: unknown) => {
          // Nothing by itself: a part of something.
          const { code } = asStudioError(error);
          if (code === 'cancelled') throw error;
          return undefined;
        });
        if (!plan || !(await isComplete(plan.tree, plan.guesses[0]))) break;
        found.push(plan);
      }
      const all = found.length === parts.length ? found : [await look(files)];
      return all.map(({ tree, ...plan }) => {
        plans.set(plan.id, tree);
        return plan;
      });
    },
    async preview(plan: string, reader: string, options: FieldValues): Promise<ImportPreview> {
      return previewImport(treeOf(plan), reader, options);
    },
    /** What several plans would give as one set. @throws StudioError `sources-unfit` */
    async previewAll(choices: readonly Choice[]): Promise<ImportPreview> {
      return previewSources(choices.map(sourceOf));
    },
    async importPlans(
      choices: readonly Choice[],
      how: PictureOptions & { name: string },
      tools: ImportTools,
    ): Promise<DatasetSummary> {
      const { dataset, skipped } = await importSources(choices.map(sourceOf), how, {
        ...tools,
        draft: store.draft,
      });
      tools.onProgress?.({ phase: 'save', done: 0, total: 1 });
      await store.save(dataset, skipped);
      tools.onProgress?.({ phase: 'save', done: 1, total: 1 });
      return saved(dataset.id);
    },
    forget(plan: string): void {
      plans.delete(plan);
    },
    builtIns: () =>
      builtIns.map(({ name, title, summary, modalities, fields, id }) => ({
        name,
        title,
        summary,
        modalities,
        fields,
        id: id(),
      })),
    async generate(
      name: string,
      options: FieldValues,
      { signal, onProgress }: Work = {},
    ): Promise<DatasetSummary> {
      const builtIn = builtIns.find((entry) => entry.name === name);
      if (!builtIn)
        throw new StudioError('bad-argument', {
          argument: name,
          message: `built-in data sets are ${builtIns.map((entry) => entry.name).join(', ')}`,
        });
      const stored = await summaryOf(builtIn.id(options));
      if (stored) return stored;
      const report = (done: number, total: number) => onProgress?.({ phase: 'draw', done, total });
      const dataset = await builtIn.make(options, report, signal);
      if (signal?.aborted) throw new StudioError('cancelled', { what: dataset.name });
      await store.save(dataset, []);
      return saved(dataset.id);
    },
    list: () => store.list(),
    sizes: () => store.sizes(),
    free: (id: string) => store.free(id),
    async rename(id: string, name: string): Promise<void> {
      await store.rename(id, name.trim());
      open = undefined;
    },
    async remove(id: string): Promise<void> {
      if (open?.dataset.id === id) open = undefined;
      await store.remove(id);
    },
    async samples(
      id: string,
      { offset, limit, ...filter }: SampleFilter & { offset: number; limit: number },
    ) {
      const of = await load(id);
      const key = JSON.stringify(filter);
      if (of.found?.filter !== key) of.found = { filter: key, indices: findSamples(of, filter) };
      const { indices } = of.found;
      const samples = Array.from(indices.subarray(offset, offset + limit), (index) => viewOf(of, index));
      return { total: indices.length, samples };
    },
    /** What there is to choose filters of `samples` from. */
    facets: async (id: string) => facetsOf((await load(id)).dataset),
    /** All of one sample. @throws StudioError `bad-argument` */
    async sample(id: string, index: number) {
      const of = await load(id);
      const { files, shown, sources, stated, original } = of.dataset;
      if (!(index >= 0 && index < files.length))
        throw new StudioError('bad-argument', { argument: 'sample', message: `there is no sample ${index}` });
      const [width, height] = shown?.subarray(2 * index, 2 * index + 2) ?? [0, 0];
      return {
        ...viewOf(of, index),
        ...(width > 0 && { shown: { width, height } }),
        ...(sources && { source: sources[index] }),
        ...(stated[index] && { stated: stated[index] }),
        ...(isEdited(of.dataset, index) && { before: original?.captions[index] }),
      };
    },
    /** Texts as a recipe's tokenizer makes them. @throws StudioError `tokenizer-missing`, and those of splits */
    async tokens(id: string, data: TextData, texts: readonly string[]): Promise<TokenizedText[]> {
      const tokenizer = await tokenizerFor(await load(id), data);
      const { tokenizeText } = await import('./text/tokens.ts');
      return texts.map((text) => tokenizeText(tokenizer, text, data.textLength));
    },
    tokenizers: () => tokenizers.list(),
    tokenizerSizes: () => tokenizers.size(),
    /** Keeps a tokenizer of files. @throws StudioError `tokenizer-unknown`, `tokenizer-invalid` */
    async addTokenizer(files: readonly { name: string; bytes: Uint8Array }[]): Promise<ChosenTokenizer> {
      const { readTokenizerFiles } = await import('./text/tokenizerFiles.ts');
      const read = readTokenizerFiles(files);
      await tokenizers.add(read);
      return read.chosen;
    },
    removeTokenizer: (fingerprint: string) => tokenizers.remove(fingerprint),
    /** What the set's own cleaning does: none where it has none. */
    async cleaning(id: string, work: Work = {}) {
      const cleaning = (await summaryOf(id))?.cleaning ?? { rules: [] };
      return report((await load(id)).dataset, cleaning, work);
    },
    /**
     * Keeps a cleaning with a set and says what it does.
     * @param edits what is changed in captions; as it was where absent
     * @throws StudioError `recipe-invalid`, `cancelled`, `dataset-missing`; nothing is changed then
     */
    async clean(id: string, cleaning: Cleaning, work: Work = {}, edits?: Edits): Promise<CleaningReport> {
      const known = await load(id);
      const edited = edits ? withEdits(known.dataset, edits) : known.dataset;
      const made = await report(edited, cleaning, work);
      if (work.signal?.aborted) throw new StudioError('cancelled', { what: id });
      const dataset = { ...edited, dropped: made.dropped };
      await store.clean(dataset, cleaning);
      if (open?.dataset.id === id) open = browsed(dataset, known.splits);
      return made;
    },
    /** What each rule would leave out by itself; changes nothing. */
    async survey(id: string, rules: Cleaning['rules'], work: Work = {}): Promise<RuleReport[]> {
      const { surveyOf } = await import('./cleaning/report.ts');
      return surveyOf((await load(id)).dataset, rules, work);
    },
    /** A sample's sound, −1 … 1, to be played; undefined where it has none. */
    async sound(id: string, index: number): Promise<{ rate: number; samples: Float32Array } | undefined> {
      const { sound } = (await load(id)).dataset;
      const [from, to] = sound?.offsets.subarray(index, index + 2) ?? [0, 0];
      if (!sound || !(to > from)) return undefined;
      const samples = Float32Array.from(sound.samples.subarray(from, to), (value) => value / 32768);
      return { rate: sound.rate, samples };
    },
    /** What the grid shows of samples: pictures where any is there, and the outlines of sounds that stand without one. */
    async small(id: string, indices: number[], size: number, columns: number) {
      const { dataset } = await load(id);
      const pictures = dataset.size > 0 ? createThumbnails(dataset, indices, size) : undefined;
      const outlines = indices.map((index) =>
        has(dataset, 'image', index) ? undefined : outlineOf(dataset, index, columns),
      );
      return { pictures, outlines };
    },
    /** The groups of the training samples under a recipe. */
    async groups(id: string, { data, encoders }: Pick<Recipe, 'data' | 'encoders'>): Promise<GroupCounts> {
      return groupCounts((await load(id)).dataset, data.split, encoders);
    },
    /** What a recipe's way of splitting would make of a set. @throws StudioError `split-unfit`, `split-groups` */
    async divide(id: string, split: Recipe['data']['split']): Promise<Divided> {
      return dividedBy((await load(id)).dataset, split);
    },
    /**
     * Views of a training sample under a recipe's augmentation.
     * @param place which sample, in an order of their own; beyond the last it begins anew
     * @param seed which draws: each is another run of micro-batches
     * @throws StudioError `recipe-invalid`, `data-empty`, and of splits
     */
    async views(id: string, recipe: Recipe, place: number, seed: number): Promise<SampleViews> {
      const { viewsOf, sampled } = await import('./views.ts');
      const { data, ...rest } = parseRecipe(recipe);
      const { dataset } = await load(id);
      const { augment, ...prepared } = data;
      await loadAugmentations(augment);
      const key = JSON.stringify(prepared);
      if (looked?.dataset !== dataset || looked.key !== key)
        looked = { dataset, key, sampled: await sampled(dataset, data) };
      const { pairs, indices, prepared: some } = looked.sampled;
      const shown = viewsOf(
        some,
        { ...rest, data },
        pairs[place % pairs.length],
        seed * viewsAtOnce,
        viewsAtOnce,
      );
      const sample = indices[shown.sample];
      const [from, to] = dataset.sound?.offsets.subarray(sample, sample + 2) ?? [0, 0];
      return {
        ...shown,
        sample,
        ...(dataset.sound && to > from && { seconds: (to - from) / dataset.sound.rate }),
      };
    },
    /** What a set is made of; tokens as the recipe would make them. @throws StudioError `cancelled`, and of splits */
    async statistics(id: string, data: TextData, work: Work): Promise<Statistics> {
      const { statisticsOf } = await import('./statistics.ts');
      const given = data.tokenizer && (await tokenizers.load(data.tokenizer));
      return statisticsOf((await load(id)).dataset, data, work, given);
    },
    /** A set as one zip, piece by piece. @throws StudioError `cancelled` */
    async write(id: string, form: Form, tools: WriteTools, sink: (bytes: Uint8Array) => Promise<void>) {
      const { dataset, splits } = await load(id);
      const [{ writeDataset }, { zipOf }] = await Promise.all([
        import('./writers/index.ts'),
        import('./writers/zipStream.ts'),
      ]);
      await zipOf(writeDataset(dataset, splits, form, tools), sink);
    },
    async thumbnails(id: string, indices: number[], size: number) {
      return createThumbnails((await load(id)).dataset, indices, size);
    },
  };
  const report = async (dataset: Dataset, cleaning: Cleaning, work: Work): Promise<CleaningReport> =>
    (await import('./cleaning/report.ts')).reportOf(dataset, cleaning, work);
  const saved = async (id: string): Promise<DatasetSummary> => {
    const summary = await summaryOf(id);
    if (!summary) throw new StudioError('dataset-missing', { dataset: id });
    return summary;
  };
  return service;
}

/** Whether a tree is a set by itself: evidently read, with something beside bare pictures. */
async function isComplete(tree: FileTree, guess: ReaderGuess): Promise<boolean> {
  if (guess.confidence < 0.5) return false;
  const { images, having, target } = await previewImport(tree, guess.reader, guess.options, 1);
  return images > 0 && (target !== undefined || Object.keys(having).some((modality) => modality !== 'image'));
}
