/** Live attention of the pinned sample in every tower that attends. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { probes, session } from '../state/session.ts';
import { AttentionTowers } from './AttentionTowers.tsx';
import { type AttentionView, attentionMatrix } from './attentionRows.ts';
import { attends } from './fits.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';
import { useVersion } from './useVersion.ts';
import { ViewPicker } from './ViewPicker.tsx';

const version = () => probes.attention;

function viewOf(settings: PanelProps['settings']): AttentionView {
  const { layer = 'last', head = 'mean' } = settings;
  return {
    layer: layer === 'rollout' ? layer : layer === 'last' ? Number.POSITIVE_INFINITY : Number(layer),
    head: head === 'mean' ? head : Number(head),
  };
}

function Body({ settings, set }: PanelProps) {
  useVersion(version);
  const t = useT();
  const dataset = useStore(session, (state) => state.dataset);
  const probe = probes.attention;
  const view = useMemo(() => viewOf(settings), [settings]);
  if (!probe || !dataset) return null;
  const layers = Math.max(...probe.maps.map((one) => one.layers));
  const onView = (next: AttentionView) =>
    set({ ...settings, layer: String(next.layer), head: String(next.head) });
  const shown = view.layer === 'rollout' ? view : { ...view, layer: Math.min(view.layer, layers - 1) };
  return (
    <div className={css.attention}>
      <div className="row wrap">
        <ViewPicker maps={probe.maps} view={shown} onView={onView} />
        <span className="muted small">{t('train.attention.hint')}</span>
      </div>
      <AttentionTowers maps={probe.maps} image={probe.image} dataset={dataset} view={shown} onView={onView} />
    </div>
  );
}

export const attention = definePanel({
  id: 'attention',
  title: { en: 'Attention', zh: '注意力' },
  explain: {
    en: 'Where each encoder looks, for one sample. Bright patches and tinted words, columns or moments weigh most for the query.',
    zh: '对一个样本，各编码器看向何处。明亮的图块与着色的词、列或时刻对查询影响最大。',
  },
  empty: { en: 'Attention appears with the next step.', zh: '下一步完成后显示注意力。' },
  suits: attends,
  columns: 8,
  rows: 9,
  fields: [],
  probes: ['attention'],
  Body,
  version,
  hasData: () => probes.attention !== undefined,
  last: () => probes.attention,
  table: (settings) => {
    const view = viewOf(settings);
    const columns = ['modality', 'query', 'key', 'attention'];
    const rows = (probes.attention?.maps ?? []).flatMap((maps) => {
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
