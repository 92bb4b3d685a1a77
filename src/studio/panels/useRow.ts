/** One query's row of an attention matrix, and the mean entropy of all rows. */
import { useMemo } from 'react';
import type { AttentionMaps } from '../../workers/api.ts';
import { type AttentionView, attentionMatrix, entropyOf } from './attentionRows.ts';

export function useRow(maps: AttentionMaps, view: AttentionView, query: number) {
  const matrix = useMemo(() => attentionMatrix(maps, view), [maps, view]);
  const row = matrix.subarray(query * maps.tokens, (query + 1) * maps.tokens);
  return { row, entropy: entropyOf(matrix, maps.tokens) };
}
