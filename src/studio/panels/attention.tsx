/** Live attention of the pinned sample in every tower that attends. */
import { useMemo } from 'react';
import type { FieldValues } from '../../core/fields.ts';
import type { AttentionMaps } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { useT } from '../i18n/index.ts';
import { AttentionTowers } from './AttentionTowers.tsx';
import { type AttentionView, attentionMatrix } from './attentionRows.ts';
import { attends } from './fits.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';
import css from './panels.module.css';
import { ViewPicker } from './ViewPicker.tsx';

function viewOf(settings: FieldValues): AttentionView {
  const { layer = 'last', head = 'mean' } = settings;
  return {
    layer: layer === 'rollout' ? layer : layer === 'last' ? Number.POSITIVE_INFINITY : Number(layer),
    head: head === 'mean' ? head : Number(head),
  };
}

function Body({ result: maps, settings, set, dataset, sample: { image } }: LookProps<AttentionMaps[]>) {
  const t = useT();
  const view = useMemo(() => viewOf(settings), [settings]);
  const layers = Math.max(...maps.map((one) => one.layers));
  const onView = (next: AttentionView) =>
    set({ ...settings, layer: String(next.layer), head: String(next.head) });
  const shown = view.layer === 'rollout' ? view : { ...view, layer: Math.min(view.layer, layers - 1) };
  return (
    <div className={css.attention}>
      <div className="row wrap">
        <ViewPicker maps={maps} view={shown} onView={onView} />
        <span className="muted small">{t('train.attention.hint')}</span>
      </div>
      <AttentionTowers maps={maps} image={image} dataset={dataset} view={shown} onView={onView} />
    </div>
  );
}

export const attention = defineLookPanel({
  id: 'attention',
  title: { en: 'Attention', zh: '注意力' },
  explain: {
    en: 'Where each encoder looks, for one sample. Bright patches and tinted words, columns or moments weigh most for the query.',
    zh: '对一个样本，各编码器看向何处。明亮的图块与着色的词、列或时刻对查询影响最大。',
  },
  article: () => import('./articles/attention.ts'),
  empty: { en: 'Attention appears with the next step.', zh: '下一步完成后显示注意力。' },
  suits: attends,
  columns: 8,
  rows: 9,
  fields: [],
  question: (_, sample) => ({ ...sample }),
  ask: (sample, at) => api().engine.attention(sample, at),
  interval: 400,
  Body,
  table: (result, settings) => {
    const view = viewOf(settings);
    const columns = ['modality', 'query', 'key', 'attention'];
    const rows = result.flatMap((maps) => {
      const matrix = attentionMatrix(maps, view);
      return maps.labels.flatMap((query, q) =>
        maps.labels.map((key, k) => [
          maps.modality,
          `${q} ${query}`,
          `${k} ${key}`,
          matrix[q * maps.tokens + k],
        ]),
      );
    });
    return { columns, rows };
  },
});
