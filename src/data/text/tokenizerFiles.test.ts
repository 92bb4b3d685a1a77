/** Tokenizers of files, by the way that the page and the headless program take. */
import { readFileSync } from 'node:fs';
import { gunzipSync, gzipSync, strToU8 } from 'fflate';
import { expect, test } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { createDataService } from '../service.ts';
import { createMemoryStore, memoryFiles } from '../store.memory.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { trainBpe } from './bpe.ts';
import { cleanForClip } from './clip.ts';
import { keepTokenizers } from './kept.ts';
import { loadTokenizer } from './tokenizer.ts';
import { readTokenizerFiles } from './tokenizerFiles.ts';

const file = (name: string, content: string | Uint8Array) => ({
  name,
  bytes: typeof content === 'string' ? strToU8(content) : content,
});
const codeOf = (...files: Parameters<typeof readTokenizerFiles>[0]): string => {
  try {
    readTokenizerFiles(files);
  } catch (error) {
    if (error instanceof StudioError) return error.code;
    throw error;
  }
  return 'read';
};

interface Case {
  text: string;
  ids: number[];
  context77: number[];
}

describeShared('CLIP’s tokenizer from its vocabulary file', () => {
  const bytes = readFileSync(sharedData('references/clip-bpe/bpe_simple_vocab_16e6.txt.gz'));
  const { cases, vocab_size: entries } = JSON.parse(
    readFileSync(sharedData('references/clip-bpe/encodings.json'), 'utf8'),
  ) as { cases: Case[]; vocab_size: number };

  test('splits every text as CLIP does, to the id, through the store that the page uses', async () => {
    const tokenizers = keepTokenizers(memoryFiles());
    const service = createDataService({ store: createMemoryStore(), builtIns: [], tokenizers });
    const chosen = await service.addTokenizer([file('bpe_simple_vocab_16e6.txt.gz', new Uint8Array(bytes))]);
    expect(chosen).toMatchObject({ name: 'bpe_simple_vocab_16e6.txt.gz', entries });
    expect(await service.tokenizers()).toEqual([chosen]);
    const tokenizer = loadTokenizer(await tokenizers.load(chosen));
    expect(tokenizer.vocabularySize).toBe(entries);
    for (const { text, ids, context77 } of cases) {
      expect(tokenizer.encode(text, 77), text).toEqual(context77);
      expect(tokenizer.encode(text, 1e9).slice(1, -1), text).toEqual(ids);
    }
    expect(cases.length).toBe(210);
    await service.removeTokenizer(chosen.fingerprint);
    await expect(tokenizers.load(chosen)).rejects.toMatchObject({ code: 'tokenizer-missing' });
  });

  test('unpacked, and as vocab.json with merges.txt, it is the same', () => {
    const text = new TextDecoder().decode(gunzipSync(bytes));
    const plain = readTokenizerFiles([file('clip.txt', text)]);
    const { vocab, merges } = (plain.json as { model: { vocab: object; merges: [string, string][] } }).model;
    const parts = readTokenizerFiles([
      file('merges.txt', `#version: 0.2\n${merges.map((pair) => pair.join(' ')).join('\n')}\n`),
      file('vocab.json', JSON.stringify(vocab)),
    ]);
    expect(parts.chosen.fingerprint).toBe(plain.chosen.fingerprint);
  });
});

describeShared('tokenizer.json of Hugging Face', () => {
  test.each(['byte-bpe-1000', 'wordlevel-800', 'wordpiece-1200-pad16'])('%s is read and kept', (name) => {
    const bytes = readFileSync(sharedData(`references/tokenizers/${name}/tokenizer.json`));
    const { chosen, json } = readTokenizerFiles([file('tokenizer.json', new Uint8Array(bytes))]);
    expect(loadTokenizer(json).vocabularySize).toBe(chosen.entries);
    expect(chosen.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

test('what is no tokenizer is refused with the file’s name', () => {
  const good = JSON.stringify(trainBpe(['a red circle', 'a red square'], 300));
  expect(codeOf(file('tokenizer.json', good))).toBe('read');
  expect(codeOf()).toBe('tokenizer-unknown');
  expect(codeOf(file('notes.txt', 'a b\nc d\n'))).toBe('tokenizer-unknown');
  expect(codeOf(file('broken.json', good.slice(0, -9)))).toBe('tokenizer-unknown');
  expect(codeOf(file('recipe.json', '{"format":"amalgam-recipe/1"}'))).toBe('tokenizer-unknown');
  expect(codeOf(file('x.png', Uint8Array.of(0x89, 0x50, 0xff, 0xfe)))).toBe('tokenizer-unknown');
  expect(codeOf(file('x.gz', gzipSync(strToU8(good)).subarray(0, 40)))).toBe('tokenizer-unknown');
  expect(codeOf(file('vocab.json', '{"a":0,"b":1}'))).toBe('tokenizer-invalid');
  expect(codeOf(file('merges.txt', '#version: 0.2\na b\n'))).toBe('tokenizer-invalid');
  expect(codeOf(file('tokenizer.json', '{"model":{"type":"BPE","vocab":{"a":0}}}'))).toBe(
    'tokenizer-invalid',
  );
});

test('texts are mended before CLIP cuts them', () => {
  expect(cleanForClip('schÃ¶n  &amp;amp; caf&eacute; &#39;x&#x27;')).toBe("schön & café 'x'");
  expect(cleanForClip('“ﬁne” ＡＢＣ\u0000')).toBe('"fine" ABC');
  // What only looks like it is left alone.
  expect(cleanForClip('Ã la carte Ünï')).toBe('Ã la carte Ünï');
});
