import { expect, test, vi } from 'vitest';
import type { AttentionMaps } from '../../workers/api.ts';
import type { Article } from './article.ts';
import { attentionMatrix, entropyOf, headEntropies } from './attentionRows.ts';
import { diagonalMargin } from './margin.ts';

test('the margin is the diagonal against the rest', () => {
  expect(diagonalMargin([1, 0, 0.5, 0.8], 2)).toBeCloseTo(0.9 - 0.25, 12);
});

const maps: AttentionMaps = {
  modality: 'text',
  layers: 1,
  heads: 2,
  tokens: 2,
  labels: ['a', 'b'],
  values: Float32Array.of(1, 0, 0, 1, 0.5, 0.5, 0.5, 0.5),
};

test('one head, the mean of heads, and rollout with its residual half', () => {
  expect([...attentionMatrix(maps, { layer: 0, head: 1 })]).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect([...attentionMatrix(maps, { layer: 9, head: 'mean' })]).toEqual([0.75, 0.25, 0.25, 0.75]);
  expect([...attentionMatrix(maps, { layer: 'rollout', head: 'mean' })]).toEqual([
    0.875, 0.125, 0.125, 0.875,
  ]);
});

test('entropy is 0 for a head that looks at one token and ln(tokens) for one that looks at all', () => {
  expect([...headEntropies(maps)][0]).toBe(0);
  expect(entropyOf([0.5, 0.5, 0.5, 0.5], 2)).toBeCloseTo(Math.log(2), 12);
});

test('every article speaks both languages, has a formula where there is one, and names its sources', async () => {
  const { readdirSync } = await import('node:fs');
  for (const file of readdirSync(new URL('./articles', import.meta.url))) {
    const { article }: { article: Article } = await import(`./articles/${file}`);
    expect(article.sources.length, file).toBeGreaterThan(0);
    for (const part of article.body) {
      if ('formula' in part) continue;
      expect(part.en.trim(), file).not.toBe('');
      expect(part.zh, file).toMatch(/[\u4e00-\u9fff]/);
    }
  }
});

test('every panel of the default layout exists, and every panel speaks both languages', async () => {
  vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => {} }) });
  vi.stubGlobal('navigator', { language: 'en', userAgent: '' });
  const { panels, panelOf } = await import('./index.ts');
  const { defaultLayout } = await import('../state/layout.ts');
  for (const item of defaultLayout) expect(panelOf(item.panel), item.panel).toBeDefined();
  expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
  for (const panel of panels) {
    const texts = [
      panel.title,
      panel.explain,
      panel.empty,
      ...panel.fields.flatMap((f) => [f.label, f.help]),
    ];
    for (const text of texts) {
      expect(text.en.trim(), panel.id).not.toBe('');
      expect(text.zh, panel.id).toMatch(/[\u4e00-\u9fff]/);
    }
  }
});
