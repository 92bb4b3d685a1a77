/**
 * A tokenizer from the files that people have: Hugging Face's `tokenizer.json`, CLIP's `bpe_simple_vocab_16e6.txt` (also `.gz`), or `vocab.json` with `merges.txt`
 * (GPT-2's and CLIP's). Told apart by content, never by name.
 */
import { gunzipSync } from 'fflate';
import * as v from 'valibot';
import { StudioError } from '../../core/errors.ts';
import { type ChosenTokenizer, chosenSchema } from '../../core/tokenizer.ts';
import { clipFrom, clipFromMerges, mergesOf } from './clip.ts';
import { tokenizerFingerprint } from './fingerprint.ts';
import { loadTokenizer } from './tokenizer.ts';

export interface TokenizerFile {
  name: string;
  bytes: Uint8Array;
}

/** What a recipe says of it, and the whole. */
export interface ReadTokenizer {
  chosen: ChosenTokenizer;
  /** `tokenizer.json`, parsed. */
  json: unknown;
}

/** Larger than any vocabulary that people use; what is unpacked stays below it too. */
const mostBytes = 64 * 2 ** 20;

const vocabSchema = v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)));

/**
 * @param files one `tokenizer.json` or vocabulary of CLIP, or `vocab.json` with `merges.txt`
 * @throws StudioError `tokenizer-unknown` naming the file that is none, `tokenizer-invalid` saying what is wrong in it
 */
export function readTokenizerFiles(files: readonly TokenizerFile[]): ReadTokenizer {
  if (files.length === 0) throw new StudioError('tokenizer-unknown', { file: '–' });
  const opened = files.map(open);
  const vocab = opened.find(({ json }) => json !== undefined && v.is(vocabSchema, json));
  const merges = opened.find(({ json }) => json === undefined);
  const whole = opened.find(({ json }) => isObject(json) && isObject(json['model']));
  if (whole) return named(whole.name, whole.json);
  if (vocab && merges)
    return named(vocab.name, fromParts(v.parse(vocabSchema, vocab.json), mergesIn(merges)));
  if (vocab)
    throw new StudioError('tokenizer-invalid', {
      message: `${vocab.name} holds a vocabulary without its merges; choose merges.txt together with it`,
    });
  if (!merges) throw new StudioError('tokenizer-unknown', { file: files[0].name });
  // CLIP's file has its merges alone, many more than it uses.
  if (!/bpe_simple_vocab|^"?#version/.test(merges.text.slice(0, 200)))
    throw new StudioError('tokenizer-unknown', { file: merges.name });
  if (mergesIn(merges).length < clipMerges)
    throw new StudioError('tokenizer-invalid', {
      message: `${merges.name} holds merges without their vocabulary; choose vocab.json together with it`,
    });
  return named(merges.name, clipFromMerges(merges.text));
}

/** A vocabulary of CLIP has at least as many. */
const clipMerges = 48_894;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Opened {
  name: string;
  text: string;
  json?: unknown;
}

function open({ name, bytes }: TokenizerFile): Opened {
  const unknown = (cause?: unknown) => new StudioError('tokenizer-unknown', { file: name }, { cause });
  let plain = bytes;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    // The last four bytes say how much there is.
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
    if (size > mostBytes) throw unknown();
    try {
      plain = gunzipSync(bytes);
    } catch (cause) {
      throw unknown(cause);
    }
  }
  if (plain.length > mostBytes) throw unknown();
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch (cause) {
    throw unknown(cause);
  }
  if (!/^\s*[{[]/.test(text)) return { name, text };
  try {
    return { name, text, json: JSON.parse(text) };
  } catch (cause) {
    throw unknown(cause);
  }
}

function mergesIn({ name, text }: Opened): [string, string][] {
  try {
    return mergesOf(text);
  } catch (cause) {
    throw new StudioError('tokenizer-unknown', { file: name }, { cause });
  }
}

/** `</w>` in the vocabulary is CLIP's way, else it is GPT-2's. */
function fromParts(vocab: Record<string, number>, merges: [string, string][]): unknown {
  if (Object.keys(vocab).some((token) => token.endsWith('</w>'))) return clipFrom(vocab, merges);
  const special = Object.keys(vocab).filter((token) => /^(<\|\w+\|>|<\/?\w+>|\[[A-Z]+\])$/.test(token));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: vocab[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges,
    },
  };
}

/** @throws StudioError `tokenizer-invalid` */
function named(file: string, json: unknown): ReadTokenizer {
  const { vocabularySize } = loadTokenizer(json);
  const name = file.split('/').at(-1)?.slice(0, 120) || 'tokenizer.json';
  return {
    chosen: v.parse(chosenSchema, { name, fingerprint: tokenizerFingerprint(json), entries: vocabularySize }),
    json,
  };
}
