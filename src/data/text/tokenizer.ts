/**
 * What the rest of the product needs of a tokenizer, whatever made it. Reading `tokenizer.json` is left to
 * Hugging Face's own library; here are the marks that our models need around a caption, and readable errors.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import { StudioError } from '../../core/errors.ts';
import { cleanForClip, cleansLikeClip } from './clip.ts';

export interface Tokenizer {
  readonly vocabularySize: number;
  readonly padId: number;
  readonly startId: number;
  readonly endId: number;
  readonly unknownId: number;
  /** Of `[MASK]`, where there is one. */
  readonly maskId?: number;
  /** Ids with start and end mark, cut to `length` (the end mark is kept), not padded. */
  encode(text: string, length: number): number[];
  /** The text of one id, for labels (`red`, `cir`, `[END]`). */
  token(id: number): string;
  decode(ids: ArrayLike<number>): string;
  /** Hugging Face's tokenizer.json. */
  toJSON(): unknown;
}

const id = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const schema = v.looseObject({
  added_tokens: v.optional(v.array(v.looseObject({ id, content: v.string() })), []),
  model: v.looseObject({
    type: v.optional(v.picklist(['BPE', 'WordPiece', 'WordLevel', 'Unigram'])),
    unk_token: v.nullish(v.string()),
    vocab: v.union([v.record(v.string(), id), v.array(v.tuple([v.string(), v.number()]))]),
  }),
  post_processor: v.nullish(v.looseObject({ type: v.string(), single: v.optional(v.array(v.unknown())) })),
});

/** What the marks are called in tokenizers that people have; CLIP uses its end mark for padding and unknown too. */
const names = {
  pad: ['[PAD]', '<pad>', '<|endoftext|>', '</s>'],
  start: ['[START]', '[CLS]', '<s>', '<|startoftext|>', '<|endoftext|>'],
  end: ['[END]', '[SEP]', '</s>', '<|endoftext|>'],
  unknown: ['[UNK]', '<unk>', '<|endoftext|>'],
};
const maskNames = ['[MASK]', '<mask>'];

/**
 * Reads a parsed Hugging Face `tokenizer.json` (BPE, WordPiece, WordLevel, Unigram).
 * @throws StudioError `tokenizer-invalid` saying what is missing
 */
export function loadTokenizer(json: unknown): Tokenizer {
  const checked = v.safeParse(schema, json);
  if (!checked.success) {
    const issue = checked.issues[0];
    return invalid(`${v.getDotPath(issue) ?? 'tokenizer.json'}: ${issue.message}`);
  }
  const { model, added_tokens: added } = checked.output;
  if (model.type === 'BPE' && !Array.isArray(model.merges))
    return invalid('model.merges: BPE needs its list of merges');
  const inner = open(checked.output);
  const likeClip = cleansLikeClip(checked.output['normalizer']);
  const vocabulary = inner.get_vocab();
  const mark = (role: keyof typeof names): number => {
    const known = role === 'unknown' && model.unk_token ? [model.unk_token, ...names.unknown] : names[role];
    const found = known.find((name) => vocabulary.has(name));
    if (found === undefined) return invalid(`no ${role} token; one of ${known.join(', ')} is needed`);
    return vocabulary.get(found) ?? 0;
  };
  const [padId, startId, endId, unknownId] = [mark('pad'), mark('start'), mark('end'), mark('unknown')];
  const maskName = maskNames.find((name) => vocabulary.has(name));
  const special = new Set([padId, startId, endId, ...added.map((token) => token.id)]);
  const plain = (ids: number[], skipSpecial: boolean) =>
    inner.decode(ids, { skip_special_tokens: skipSpecial, clean_up_tokenization_spaces: false });

  return {
    vocabularySize: [...vocabulary.values()].reduce((most, value) => Math.max(most, value), 0) + 1,
    padId,
    startId,
    endId,
    unknownId,
    maskId: maskName === undefined ? undefined : vocabulary.get(maskName),
    encode(text, length) {
      const { ids } = inner.encode(likeClip ? cleanForClip(text) : text, { add_special_tokens: false });
      const room = Math.max(0, length - 2);
      return [startId, ...ids.slice(0, room).map((value) => value ?? unknownId), endId].slice(-length);
    },
    token(value) {
      const raw = inner.id_to_token(value) ?? String(value);
      if (special.has(value)) return raw;
      const text = plain([value], false);
      // Part of a character has no text of its own.
      if (text.includes('\ufffd')) return raw;
      return text.trim() || (/^ +$/.test(text) ? '␣' : raw);
    },
    decode(ids) {
      const list = Array.from(ids).filter((value) => value !== padId && value !== startId && value !== endId);
      return list.length === 0 ? '' : plain(list, true).trim();
    },
    toJSON: () => json,
  };
}

type Checked = v.InferOutput<typeof schema>;

/**
 * The library's `Whitespace` knows only ASCII letters and cuts “naïve” in three; Hugging Face's own takes Unicode
 * words. Said as a `Split`, both agree.
 */
function withUnicodeWords(preTokenizer: unknown): unknown {
  const part = v.safeParse(
    v.looseObject({ type: v.string(), pretokenizers: v.optional(v.array(v.unknown())) }),
    preTokenizer,
  );
  if (!part.success) return preTokenizer ?? null;
  if (part.output.type === 'Whitespace') {
    const letter = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d';
    return {
      type: 'Split',
      pattern: { Regex: `[${letter}]+|[^${letter}\\s]+` },
      behavior: 'Removed',
      invert: true,
    };
  }
  return part.output.pretokenizers
    ? { ...part.output, pretokenizers: part.output.pretokenizers.map(withUnicodeWords) }
    : preTokenizer;
}

function open(json: Checked): HuggingFaceTokenizer {
  const complete = {
    ...json,
    normalizer: json.normalizer ?? null,
    pre_tokenizer: withUnicodeWords(json.pre_tokenizer),
    post_processor: json.post_processor ?? null,
    decoder: json.decoder ?? null,
  };
  try {
    const tokenizer = new HuggingFaceTokenizer(complete, { unk_token: json.model.unk_token ?? undefined });
    tokenizer.encode('a');
    return tokenizer;
  } catch (cause) {
    throw new StudioError(
      'tokenizer-invalid',
      { message: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    );
  }
}

function invalid(message: string): never {
  throw new StudioError('tokenizer-invalid', { message });
}
