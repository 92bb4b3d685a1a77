/** Words and patches of the pinned pair: press one to see the others that it has to do with. */
import { lazy, Suspense } from 'react';
import type { WordsAndPatches } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { pairsWords } from './fits.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const Both = lazy(async () => ({ default: (await import('./words/Both.tsx')).Both }));

function Body(props: LookProps<WordsAndPatches>) {
  return (
    <Suspense fallback={null}>
      <Both {...props} />
    </Suspense>
  );
}

export const words = defineLookPanel({
  id: 'words',
  title: { en: 'Words and patches', zh: '词与图块' },
  explain: {
    en: 'Which patches a word has to do with, and which words a patch: by attention between them, or by similarity.',
    zh: '词对应哪些图块、图块对应哪些词：依据两者之间的注意力或相似度。',
  },
  article: () => import('./articles/words.ts'),
  empty: {
    en: 'It appears with the next step, for a sample with a picture and a caption.',
    zh: '下一步完成后显示；样本须同时有图片与说明文字。',
  },
  suits: pairsWords,
  columns: 6,
  rows: 9,
  fields: [],
  question: (_, sample) => ({ ...sample }),
  ask: (sample, at) => api().engine.words(sample, at),
  Body,
  table: ({ words: names, grid, maps }) => ({
    columns: ['map', 'head', 'word', 'row', 'column', 'word → patch', 'patch → word'],
    rows: maps.flatMap(({ name, heads, toPatches, toWords }) =>
      Array.from({ length: heads }, (_, head) => head).flatMap((head) =>
        names.flatMap((word, w) =>
          Array.from({ length: grid * grid }, (_, patch) => [
            name,
            head + 1,
            `${w + 1} ${word}`,
            Math.floor(patch / grid) + 1,
            (patch % grid) + 1,
            toPatches?.[(head * names.length + w) * grid * grid + patch] ?? '',
            toWords?.[(head * grid * grid + patch) * names.length + w] ?? '',
          ]),
        ),
      ),
    ),
  }),
});
