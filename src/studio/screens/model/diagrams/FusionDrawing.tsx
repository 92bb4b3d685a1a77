/** The small diagram of a fusion method, in the colours of the recipe's modalities; one per type, none for a type that is not known here. */
import type { ComponentType } from 'react';
import { type DrawingProps, Dynamic, Late, LowRank, TwoTower } from './meetAsVectors.tsx';
import { Flamingo, Perceiver, QFormer } from './meetInLatents.tsx';
import { CoAttention, Early, Hierarchical, MidGated, MixtureOfExperts } from './meetInLayers.tsx';
import { Drawing } from './pieces.tsx';

const drawings: Record<string, ComponentType<DrawingProps>> = {
  'two-tower': TwoTower,
  early: Early,
  late: Late,
  'co-attention': CoAttention,
  flamingo: Flamingo,
  perceiver: Perceiver,
  'q-former': QFormer,
  'mid-gated': MidGated,
  hierarchical: Hierarchical,
  moe: MixtureOfExperts,
  dynamic: Dynamic,
  'low-rank': LowRank,
};

export function FusionDrawing({ type, modalities }: { type: string; modalities: readonly string[] }) {
  const Inside = drawings[type];
  if (!Inside) return null;
  return (
    <Drawing>
      <Inside modalities={modalities.slice(0, 3)} />
    </Drawing>
  );
}
