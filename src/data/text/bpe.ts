/**
 * Trains a byte-level BPE (Sennrich et al. 2016) on captions and writes it as a Hugging Face `tokenizer.json`.
 * Counts of pairs are kept up to date instead of recounted: a merge visits only the words that hold its pair. The
 * order is that of Hugging Face's trainer (most frequent pair first, then smallest ids), so both find the same
 * merges and equal captions give equal tokenizers everywhere.
 */
import { StudioError } from '../../core/errors.ts';
import { byteCharacters, normalize, splitWords } from './byteLevel.ts';
import { pairHeap } from './pairHeap.ts';

/** Their ids are their places: padding 0, start 1, end 2, unknown 3. */
export const specialTokens = ['[PAD]', '[START]', '[END]', '[UNK]'] as const;
/** Stands for a word that is to be guessed. Comes last, after the merges, where there is room for it: so the other ids are as without it. */
export const maskToken = '[MASK]';

/** A pair that occurs only once teaches nothing about other captions. */
const leastCount = 2;

export interface TokenizerJson {
  version: '1.0';
  model: {
    type: 'BPE';
    vocab: Record<string, number>;
    merges: [string, string][];
    [setting: string]: unknown;
  };
  [part: string]: unknown;
}

/**
 * @param vocabulary most entries, the special tokens and 256 bytes included; fewer when the captions run out
 * @param signal stops between merges
 */
export function trainBpe(
  captions: Iterable<string>,
  vocabulary: number,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): TokenizerJson {
  const tokens: string[] = [...specialTokens, ...[...byteCharacters].sort()];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const byteIds = byteCharacters.map((character) => ids.get(character) ?? 0);
  const { words, counts } = countWords(captions, byteIds);

  // A pair is one number: left × 65536 + right.
  const pairCounts = new Map<number, number>();
  const holders = new Map<number, Set<number>>();
  const change = (pair: number, by: number, word: number) => {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + by);
    if (by < 0) return;
    const set = holders.get(pair);
    if (set) set.add(word);
    else holders.set(pair, new Set([word]));
  };
  words.forEach((word, w) => {
    for (let i = 0; i + 1 < word.length; i++) change(word[i] * 65536 + word[i + 1], counts[w], w);
  });
  const heap = pairHeap();
  for (const [pair, count] of pairCounts) heap.push(pair, count);

  const merges: [string, string][] = [];
  const room = Math.max(tokens.length, vocabulary - 1);
  const steps = room - tokens.length;
  while (tokens.length < room) {
    const top = heap.pop();
    if (!top || top.count < leastCount) break;
    const count = pairCounts.get(top.pair) ?? 0;
    if (count !== top.count) {
      // The entry is older than the count: back in with what is true now.
      if (count >= leastCount) heap.push(top.pair, count);
      continue;
    }
    const left = Math.floor(top.pair / 65536);
    const right = top.pair % 65536;
    const merged = tokens[left] + tokens[right];
    let id = ids.get(merged);
    if (id === undefined) {
      id = tokens.length;
      tokens.push(merged);
      ids.set(merged, id);
    }
    merges.push([tokens[left], tokens[right]]);
    const grown = new Set<number>();
    for (const w of holders.get(top.pair) ?? []) {
      words[w] = merge(words[w], left, right, id, (pair, sign) => {
        change(pair, sign * counts[w], w);
        if (sign > 0) grown.add(pair);
      });
    }
    holders.delete(top.pair);
    pairCounts.delete(top.pair);
    for (const pair of grown) {
      const now = pairCounts.get(pair);
      if (now) heap.push(pair, now);
    }
    if (merges.length % 200 === 0) {
      onProgress?.(merges.length, steps);
      if (signal?.aborted) throw new StudioError('cancelled', { what: 'Training the tokenizer' });
    }
  }
  onProgress?.(steps, steps);
  if (tokens.length < vocabulary) ids.set(maskToken, tokens.length);
  return tokenizerJson(Object.fromEntries(ids), merges);
}

/** Each different word once, as ids of its bytes, with how often it occurs. */
function countWords(captions: Iterable<string>, byteIds: number[]): { words: number[][]; counts: number[] } {
  const frequency = new Map<string, number>();
  for (const caption of captions)
    for (const word of splitWords(normalize(caption))) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const encoder = new TextEncoder();
  return {
    words: [...frequency.keys()].map((word) => Array.from(encoder.encode(word), (byte) => byteIds[byte])),
    counts: [...frequency.values()],
  };
}

/** The word with every `left right` replaced by `id`; tells which pairs went and came. */
function merge(
  word: number[],
  left: number,
  right: number,
  id: number,
  changed: (pair: number, sign: 1 | -1) => void,
): number[] {
  const result: number[] = [];
  for (let i = 0; i < word.length; i++) {
    if (word[i] !== left || word[i + 1] !== right) {
      result.push(word[i]);
      continue;
    }
    const before = result.at(-1);
    if (before !== undefined) {
      changed(before * 65536 + left, -1);
      changed(before * 65536 + id, 1);
    }
    if (i + 2 < word.length) {
      changed(right * 65536 + word[i + 2], -1);
      changed(id * 65536 + word[i + 2], 1);
    }
    result.push(id);
    i++;
  }
  return result;
}

const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

function tokenizerJson(vocab: Record<string, number>, merges: [string, string][]): TokenizerJson {
  const [, start, end] = specialTokens;
  const mark = (token: string) => ({ SpecialToken: { id: token, type_id: 0 } });
  const text = (id: 'A' | 'B') => ({ Sequence: { id, type_id: 0 } });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...specialTokens, maskToken].flatMap((content) => {
      const id = vocab[content];
      return id === undefined ? [] : [{ id, content, ...special }];
    }),
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'TemplateProcessing',
      single: [mark(start), text('A'), mark(end)],
      pair: [mark(start), text('A'), mark(end), text('B'), mark(end)],
      special_tokens: Object.fromEntries(
        [start, end].map((token) => [token, { id: token, ids: [vocab[token]], tokens: [token] }]),
      ),
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  };
}
