import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { trainBpe } from './bpe.ts';
import { loadTokenizer } from './tokenizer.ts';

interface Reference {
  text: string;
  ids: number[];
  mask: number[];
}

describeShared('tokenizers made by Hugging Face', () => {
  test.each(['byte-bpe-1000', 'wordlevel-800', 'wordpiece-1200-pad16'])('%s encodes alike', (name) => {
    const read = (file: string): unknown =>
      JSON.parse(readFileSync(sharedData(`references/tokenizers/${name}/${file}`), 'utf8'));
    const tokenizer = loadTokenizer(read('tokenizer.json'));
    const wrapped = name.startsWith('wordpiece');
    for (const { text, ids, mask } of read('encodings.json') as Reference[]) {
      const expected = ids.filter((_, i) => mask[i] === 1);
      const actual = tokenizer.encode(text, wrapped ? 16 : 10_000);
      // Ours always stand between a start and an end mark.
      expect(wrapped ? actual : actual.slice(1, -1), text).toEqual(expected);
    }
  });
});

test('what cannot be a tokenizer is refused with a reason', () => {
  const good = trainBpe(['a red circle'], 300);
  const reason = (json: unknown) => {
    try {
      loadTokenizer(json);
    } catch (error) {
      if (error instanceof StudioError && error.code === 'tokenizer-invalid') return error.params.message;
      throw error;
    }
    return 'accepted';
  };
  expect(reason(good)).toBe('accepted');
  expect(reason(null)).toMatchInlineSnapshot(
    `"tokenizer.json: Invalid type: Expected Object but received null"`,
  );
  expect(reason({})).toMatchInlineSnapshot(`"model: Invalid key: Expected "model" but received undefined"`);
  expect(reason({ model: { type: 'BPE', vocab: { a: -1 }, merges: [] } })).toMatchInlineSnapshot(
    `"model.vocab.a: Invalid value: Expected >=0 but received -1"`,
  );
  expect(reason({ model: { type: 'BPE', vocab: { a: 0 }, merges: [] } })).toMatchInlineSnapshot(
    `"no pad token; one of [PAD], <pad>, <|endoftext|>, </s> is needed"`,
  );
  expect(reason({ ...good, pre_tokenizer: { type: 'Telepathy' } })).toMatchInlineSnapshot(
    `"Unknown PreTokenizer type: Telepathy"`,
  );
  expect(reason({ ...good, model: { type: 'BPE', vocab: { '[PAD]': 0 } } })).toMatchInlineSnapshot(
    `"model.merges: BPE needs its list of merges"`,
  );
});
