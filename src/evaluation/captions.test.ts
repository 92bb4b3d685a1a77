/** Caption scores against the official COCO scorers' numbers (nlg-eval's published ones too). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeShared, sharedData } from '../data/testing/shared.ts';
import { bleu, bleuCounts } from './bleu.ts';
import { captionTokens } from './captionTokens.ts';
import { cider } from './cider.ts';
import { rougeL } from './rougeL.ts';

interface Case {
  id: number;
  hyp: string;
  refs: string[];
  hyp_tok: string;
  refs_tok: string[];
}
interface Reference {
  cases: Case[];
  scored_ids?: number[];
  expected: { corpus: Record<string, number>; per_case: Record<string, number[]> };
}

function scores(candidates: string[][], references: string[][][]) {
  const counts = candidates.map((tokens, index) => bleuCounts(tokens, references[index]));
  const rouge = candidates.map((tokens, index) => rougeL(tokens, references[index]));
  const perCider = [...cider(candidates, references)];
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    corpus: { bleu: bleu(counts), ROUGE_L: mean(rouge), CIDEr: mean(perCider) },
    each: { bleu: counts.map((one) => bleu([one])), ROUGE_L: rouge, CIDEr: perCider },
  };
}

describeShared('captions against the COCO scorers', () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(sharedData(`references/metrics/${name}.json`), 'utf8'));
  test.each(['coco-human-vs-human', 'coco-fakecap', 'edge-cases'])('%s, to 1e-9', (name) => {
    const { cases, expected, scored_ids }: Reference = read(name);
    const scored = scored_ids ? cases.filter(({ id }) => scored_ids.includes(id)) : cases;
    const found = scores(
      scored.map(({ hyp_tok }) => hyp_tok.split(' ')),
      scored.map(({ refs_tok }) => refs_tok.map((tokens) => tokens.split(' '))),
    );
    for (const [n, value] of found.corpus.bleu.entries())
      expect(Math.abs(value - expected.corpus[`Bleu_${n + 1}`]), `BLEU-${n + 1}`).toBeLessThan(1e-12);
    expect(found.corpus.ROUGE_L).toBeCloseTo(expected.corpus['ROUGE_L'], 12);
    expect(found.corpus.CIDEr).toBeCloseTo(expected.corpus['CIDEr'], 12);
    // Printed to ten digits.
    for (const index of scored.keys()) {
      for (let n = 0; n < 4; n++)
        expect(found.each.bleu[index][n]).toBeCloseTo(expected.per_case[`Bleu_${n + 1}`][index], 9);
      expect(found.each.ROUGE_L[index]).toBeCloseTo(expected.per_case['ROUGE_L'][index], 9);
      expect(found.each.CIDEr[index]).toBeCloseTo(expected.per_case['CIDEr'][index], 9);
    }
  });

  test('the published example of nlg-eval, to its own 1e-5', () => {
    const { hyp, refs, published } = read('nlg-eval-example') as {
      hyp: string[];
      refs: string[][];
      published: Record<string, number>;
    };
    const found = scores(
      hyp.map((text) => text.split(' ')),
      refs.map((list) => list.map((text) => text.split(' '))),
    ).corpus;
    for (const [n, value] of found.bleu.entries())
      expect(Math.abs(value - published[`Bleu_${n + 1}`])).toBeLessThan(1e-5);
    expect(Math.abs(found.ROUGE_L - published['ROUGE_L'])).toBeLessThan(1e-5);
    expect(Math.abs(found.CIDEr - published['CIDEr'])).toBeLessThan(1e-5);
  });

  test('words are those that the COCO evaluation scored', () => {
    for (const name of ['coco-human-vs-human', 'coco-fakecap', 'edge-cases']) {
      const { cases }: Reference = read(name);
      for (const { hyp, hyp_tok, refs, refs_tok } of cases) {
        expect(captionTokens(hyp).join(' ')).toBe(hyp_tok);
        expect(refs.map((text) => captionTokens(text).join(' '))).toEqual(refs_tok);
      }
    }
  });
});

test('an empty caption scores 0, not NaN', () => {
  const counts = bleuCounts([], [['something']]);
  expect(bleu([counts])).toEqual([0, 0, 0, 0]);
  expect(rougeL([], [['something']])).toBe(0);
  expect([...cider([[], ['a', 'cat']], [[['something']], [['a', 'cat']]])][0]).toBe(0);
});

test('Chinese characters are words of their own', () => {
  expect(captionTokens('两只小猫，在Sofa上。')).toEqual(['两', '只', '小', '猫', '在', 'sofa', '上']);
});
