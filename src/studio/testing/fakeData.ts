/** A stand-in for the data worker: one built-in set, and imports that count what was dropped. */
import { StudioError } from '../../core/errors.ts';
import type {
  DataApi,
  DatasetSummary,
  DroppedFile,
  ReaderOptions,
  SampleView,
  Skipped,
  Split,
} from '../../workers/api.ts';
import { captionsOf, drawShape } from './fakeShapes.ts';
import { wait } from './wait.ts';

const splitOf = (index: number): Split =>
  index % 10 === 9 ? 'test' : index % 10 === 8 ? 'validation' : 'train';

const sampleOf = (index: number): SampleView => ({
  index,
  file: `shapes/${String(index).padStart(5, '0')}.png`,
  captions: captionsOf(index),
  split: splitOf(index),
});

const skipped: Skipped[] = [
  {
    file: 'photos/IMG_0042.heic',
    code: 'image-decode',
    params: { file: 'photos/IMG_0042.heic', message: 'unknown format' },
  },
  { file: 'photos/b.jpg', code: 'caption-empty', params: { file: 'photos/b.jpg', place: 'captions.csv:18' } },
  {
    file: 'photos/gone.jpg',
    code: 'file-missing',
    params: { file: 'photos/gone.jpg', place: 'captions.csv:31' },
  },
];

function summary(id: string, name: string, source: string, images: number, left: Skipped[]): DatasetSummary {
  return {
    id,
    name,
    source,
    fingerprint: '9f2c61d8a0c3e1b7'.repeat(4),
    images,
    pairs: images * 2,
    splits: {
      train: Math.round(images * 0.8),
      validation: Math.round(images * 0.1),
      test: Math.round(images * 0.1),
    },
    storedSize: 64,
    bytes: images * 64 * 64 * 3,
    createdAt: Date.now() - 3600_000,
    skipped: left,
  };
}

export function createFakeData(): DataApi {
  const stored: DatasetSummary[] = [];
  const plans = new Map<string, DroppedFile[]>();
  const cancelled = new Set<string>();
  const work = async (
    job: string,
    phase: string,
    total: number,
    onProgress?: Parameters<DataApi['plan']>[2],
  ) => {
    for (let done = 0; done <= total; done += Math.max(1, total / 12)) {
      if (cancelled.has(job)) throw new StudioError('cancelled', { what: job });
      onProgress?.({ phase, done: Math.round(done), total, rate: 410, secondsLeft: (total - done) / 410 });
      await wait(60);
    }
  };
  return {
    async plan(files, job, onProgress) {
      await work(job, 'list', files.length, onProgress);
      const id: string = crypto.randomUUID();
      plans.set(id, files);
      return {
        id,
        name: files[0]?.path.split('/')[0] ?? 'dropped',
        files: files.length,
        bytes: files.reduce((sum, item) => sum + item.file.size, 0),
        guesses: [
          {
            reader: 'captions-csv',
            title: { en: 'Captions in a table (CSV, TSV)', zh: '表格中的说明文字（CSV、TSV）' },
            confidence: 0.92,
            options: { file: 'file', caption: 'caption' },
            fields: [
              {
                key: 'file',
                kind: 'choice',
                default: 'file',
                label: { en: 'File column', zh: '文件列' },
                help: { en: 'Column with the picture’s path.', zh: '图片路径所在的列。' },
                choices: ['file', 'caption', 'split'].map((value) => ({
                  value,
                  label: { en: value, zh: value },
                })),
              },
              {
                key: 'caption',
                kind: 'choice',
                default: 'caption',
                label: { en: 'Caption column', zh: '说明文字列' },
                help: { en: 'Column with the words.', zh: '文字所在的列。' },
                choices: ['file', 'caption', 'split'].map((value) => ({
                  value,
                  label: { en: value, zh: value },
                })),
              },
            ],
          },
          {
            reader: 'folder-labels',
            title: { en: 'Folder names as captions', zh: '以文件夹名作为说明文字' },
            confidence: 0.3,
            options: {} as ReaderOptions,
            fields: [],
          },
        ],
      };
    },
    async preview(plan) {
      await wait(120);
      if (!plans.has(plan)) throw new StudioError('internal', { message: 'no such plan' });
      return {
        images: 240,
        pairs: 480,
        rows: [0, 1, 2, 3, 4].map((i) => ({
          file: sampleOf(i).file,
          captions: captionsOf(i),
          split: splitOf(i),
        })),
        skipped,
      };
    },
    async importPlan(_plan, reader, _options, store, job, onProgress) {
      await work(job, 'decode', 240, onProgress);
      const result = summary(crypto.randomUUID(), store.name, reader, 240, skipped);
      stored.unshift(result);
      return result;
    },
    async forget(plan) {
      plans.delete(plan);
    },
    async generate(name, _options, job, onProgress) {
      const known = stored.find((item) => item.source === `builtin:${name}`);
      if (known) return known;
      await work(job, 'generate', 2000, onProgress);
      const made = summary('shapes-1', 'Shapes', `builtin:${name}`, 2000, []);
      stored.unshift(made);
      return made;
    },
    async cancel(job) {
      cancelled.add(job);
    },
    list: async () => [...stored],
    async rename(id, name) {
      const found = stored.find((item) => item.id === id);
      if (found) found.name = name;
    },
    async remove(id) {
      stored.splice(
        stored.findIndex((item) => item.id === id),
        1,
      );
    },
    async samples(id, { offset, limit, split, query }) {
      const set = stored.find((item) => item.id === id);
      if (!set) throw new StudioError('dataset-missing', { dataset: id });
      const words = query?.toLowerCase();
      const all = Array.from({ length: set.images }, (_, i) => sampleOf(i)).filter(
        (sample) =>
          (!split || sample.split === split) &&
          (!words || sample.file.includes(words) || sample.captions.some((text) => text.includes(words))),
      );
      return { total: all.length, samples: all.slice(offset, offset + limit) };
    },
    async thumbnails(_id, indices, size) {
      const pixels = new Uint8Array(indices.length * size * size * 3);
      indices.forEach((index, i) => {
        drawShape(index, size, pixels, i * size * size * 3);
      });
      return { size, indices, pixels };
    },
  };
}
