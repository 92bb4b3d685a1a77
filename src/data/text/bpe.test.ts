import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateShapes } from '../synthetic/shapes.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { specialTokens, trainBpe } from './bpe.ts';
import { loadTokenizer } from './tokenizer.ts';

const captions = (await generateShapes({ count: 400, size: 16 })).captions.flat();
const json = trainBpe(captions, 512);
const tokenizer = loadTokenizer(json);

test('the vocabulary: four marks, 256 bytes, merges, and last the mask where there is room', () => {
  expect(specialTokens.map((_, id) => tokenizer.token(id))).toEqual([...specialTokens]);
  expect([tokenizer.padId, tokenizer.startId, tokenizer.endId, tokenizer.unknownId]).toEqual([0, 1, 2, 3]);
  expect(tokenizer.vocabularySize).toBeLessThanOrEqual(512);
  expect(loadTokenizer(trainBpe(captions, 300)).vocabularySize).toBe(300);
  expect(loadTokenizer(trainBpe([], 512))).toMatchObject({ vocabularySize: 261, maskId: 260 });
  expect(loadTokenizer(trainBpe(captions, 300)).maskId).toBe(299);
  expect(loadTokenizer(trainBpe(captions, 260))).toMatchObject({ vocabularySize: 260, maskId: undefined });
  expect(tokenizer.token(tokenizer.maskId!)).toBe('[MASK]');
  expect(tokenizer.encode('a [MASK] circle', 8)).toContain(tokenizer.maskId);
});

test('frequent words become one token with a readable label', () => {
  const ids = tokenizer.encode('a small red circle', 16);
  expect(ids.map((id) => tokenizer.token(id))).toEqual(['[START]', 'a', 'small', 'red', 'circle', '[END]']);
});

test('equal captions give equal tokenizers, in any order of reading', () => {
  expect(trainBpe(captions, 400)).toEqual(trainBpe([...captions].reverse(), 400));
});

test('small by hand: aaab aab', () => {
  // Words " aaab" × 3 and " aab" × 2; pairs: a·a 3×2+2, a·b 5, ␣·a 5.
  const { model } = trainBpe(['aaab', 'aaab', 'aaab', 'aab aab'], 264);
  expect(model.merges.slice(0, 3)).toMatchInlineSnapshot(`
    [
      [
        "a",
        "a",
      ],
      [
        "Ġ",
        "aa",
      ],
      [
        "a",
        "b",
      ],
    ]
  `);
});

test('any text survives, lower-cased and in NFC', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const clean = text.normalize('NFC').toLowerCase().trim();
      fc.pre(!specialTokens.some((mark) => text.includes(mark)) && clean.isWellFormed());
      expect(tokenizer.decode(tokenizer.encode(text, 10_000))).toBe(clean);
    }),
  );
});

test('cutting keeps the end mark; lengths of one and two still work', () => {
  expect(tokenizer.encode('a small red circle', 4).map((id) => tokenizer.token(id))).toEqual([
    '[START]',
    'a',
    'small',
    '[END]',
  ]);
  expect(tokenizer.encode('a small red circle', 2)).toEqual([1, 2]);
  expect(tokenizer.encode('a small red circle', 1)).toEqual([2]);
  expect(tokenizer.encode('', 8)).toEqual([1, 2]);
});

test('Chinese is learned and survives', () => {
  const chinese = loadTokenizer(
    trainBpe(
      Array.from({ length: 20 }, (_, i) => `一个红色的圆在蓝色方块的${i % 2 ? '左' : '右'}边`),
      420,
    ),
  );
  const ids = chinese.encode('一个红色的圆', 32);
  expect(ids.length).toBeLessThan(10);
  expect(chinese.decode(ids)).toBe('一个红色的圆');
  expect(chinese.decode(chinese.encode('从未见过的汉字 🙂', 64))).toBe('从未见过的汉字 🙂');
  expect(chinese.token(260 - 1)).toBeTruthy();
});

test('can be cancelled', () => {
  expect(() =>
    trainBpe(
      captions.concat(captions.map((c) => [...c].reverse().join(''))),
      8192,
      undefined,
      AbortSignal.abort(),
    ),
  ).toThrow(/cancelled/i);
});

describeShared('COCO captions', () => {
  test('10,007 captions and 2,000 entries in a few seconds; real sentences get short', () => {
    const lines = readCaptions();
    const began = performance.now();
    const trained = loadTokenizer(trainBpe(lines, 2000));
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(trained.vocabularySize).toBe(2000);
    const lengths = lines.slice(0, 500).map((line) => trained.encode(line, 100).length);
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeLessThan(16);
  });
});

function readCaptions(): string[] {
  const packed = readFileSync(sharedData('coco-free/text-only/captions_val2017_first2000.json.gz'));
  const file = JSON.parse(gunzipSync(packed).toString()) as { annotations: { caption: string }[] };
  return file.annotations.map((annotation) => annotation.caption.trim());
}
