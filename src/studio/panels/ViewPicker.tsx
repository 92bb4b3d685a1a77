/** Chooses which block and head of the attention is shown. */
import { NativeSelect } from '@mantine/core';
import type { AttentionMaps } from '../../workers/api.ts';
import { useT } from '../i18n/index.ts';
import type { AttentionView } from './attentionRows.ts';

interface Props {
  maps: AttentionMaps[];
  view: AttentionView;
  onView: (view: AttentionView) => void;
}

export function ViewPicker({ maps, view, onView }: Props) {
  const t = useT();
  const layers = Math.max(1, ...maps.map((one) => one.layers));
  const heads = Math.max(1, ...maps.map((one) => one.heads));
  const number = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ value: String(i), label: String(i + 1) }));
  return (
    <div className="row wrap" style={{ gap: 10 }}>
      <NativeSelect
        size="xs"
        aria-label={t('train.attention.layer')}
        data={[
          ...number(layers).map((one) => ({ ...one, label: t('train.attention.block', { n: one.label }) })),
          { value: 'rollout', label: t('train.attention.rollout') },
        ]}
        value={String(view.layer)}
        onChange={({ currentTarget: { value } }) =>
          onView({ ...view, layer: value === 'rollout' ? 'rollout' : Number(value) })
        }
      />
      <NativeSelect
        size="xs"
        aria-label={t('train.attention.head')}
        disabled={view.layer === 'rollout'}
        data={[
          { value: 'mean', label: t('train.attention.mean') },
          ...number(heads).map((one) => ({ ...one, label: t('train.attention.headN', { n: one.label }) })),
        ]}
        value={view.layer === 'rollout' ? 'mean' : String(view.head)}
        onChange={({ currentTarget: { value } }) =>
          onView({ ...view, head: value === 'mean' ? 'mean' : Number(value) })
        }
      />
    </div>
  );
}
