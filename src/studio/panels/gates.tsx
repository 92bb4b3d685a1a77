/** What the fusion's gates and experts do on held-out samples: how far each gate is open, and which expert answers which modality. */
import { lazy, Suspense } from 'react';
import type { Gates } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { gated } from './fits.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const GatesView = lazy(async () => ({ default: (await import('./gates/GatesView.tsx')).GatesView }));

function Body({ result }: LookProps<Gates>) {
  return (
    <Suspense fallback={null}>
      <GatesView gates={result} />
    </Suspense>
  );
}

export const gates = defineLookPanel({
  id: 'gates',
  title: { en: 'Gates and experts', zh: '门控与专家' },
  explain: {
    en: 'How far the fusion opens each gate on held-out samples, and which expert answers which modality.',
    zh: '在留出样本上，融合的各个门开到多大，各模态的词元由哪个专家处理。',
  },
  article: () => import('./articles/gates.ts'),
  empty: { en: 'It appears with the next step.', zh: '下一步完成后显示。' },
  suits: gated,
  columns: 6,
  rows: 8,
  fields: [],
  question: () => undefined,
  ask: (_, at) => api().engine.gates(undefined, at),
  interval: 2000,
  Body,
  table: ({ gates: all, loads }) => ({
    columns: ['what', 'of', 'expert', 'mean', 'deviation'],
    rows: [
      ...all.flatMap(({ name, of = [], mean, deviation }) =>
        mean.map((one, at) => [`gate ${name}`, of[at] ?? '', '', one, deviation[at]]),
      ),
      ...loads.flatMap(({ name, modalities }) =>
        modalities.flatMap(({ of, shares, dropped }) => [
          ...shares.map((share, expert) => [`load ${name}`, of, expert + 1, share, '']),
          [`load ${name}`, of, 'dropped', dropped, ''],
        ]),
      ),
    ],
  }),
});
