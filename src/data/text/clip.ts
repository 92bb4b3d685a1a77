/**
 * CLIP's tokenizer (Radford et al. 2021, openai/CLIP simple_tokenizer.py) from its vocabulary file, written as a Hugging Face `tokenizer.json`: lower case, words cut
 * by CLIP's pattern, bytes as characters, merges with `</w>` at the end of a word. What CLIP does before that (ftfy, HTML) `cleanForClip` does.
 */
import { StudioError } from '../../core/errors.ts';
import { byteCharacters } from './byteLevel.ts';
import { entities } from './entities.ts';

/** Merges that CLIP reads of its file, which holds more. */
const mergesUsed = 49152 - 256 - 2;
export const clipStart = '<|startoftext|>';
export const clipEnd = '<|endoftext|>';

const words = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;

/** What other programs do of CLIP's cleaning when they read the file; here it also says that all of it is done. */
const clipNormalizer = {
  type: 'Sequence',
  normalizers: [
    { type: 'NFC' },
    { type: 'Replace', pattern: { String: '&amp;' }, content: '&' },
    { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
    { type: 'Lowercase' },
  ],
};
const signature = JSON.stringify(clipNormalizer);

/** Whether a tokenizer was made here from CLIP's vocabulary, so that texts are to be cleaned as CLIP does. */
export const cleansLikeClip = (normalizer: unknown): boolean => JSON.stringify(normalizer) === signature;

/** The order of CLIP's first 256 entries: printable bytes, then the others (its `bytes_to_unicode`). */
function clipBytes(): string[] {
  const own = (byte: number) => byteCharacters[byte].codePointAt(0) === byte;
  const bytes = [...byteCharacters.keys()];
  return [...bytes.filter(own), ...bytes.filter((byte) => !own(byte))].map((byte) => byteCharacters[byte]);
}

/**
 * @param text of `bpe_simple_vocab_16e6.txt`: a line with its version, then two parts a line
 * @throws StudioError `tokenizer-invalid` where a line is no merge
 */
export function clipFromMerges(text: string): unknown {
  const merges = mergesOf(text).slice(0, mergesUsed);
  const bytes = clipBytes();
  const tokens = [
    ...bytes,
    ...bytes.map((token) => `${token}</w>`),
    ...merges.map((pair) => pair.join('')),
    clipStart,
    clipEnd,
  ];
  return clipFrom(Object.fromEntries(tokens.map((token, id) => [token, id])), merges);
}

/** Lines of two parts; a first line that begins with `#` or speaks of a version is passed over. @throws StudioError `tokenizer-invalid` */
export function mergesOf(text: string): [string, string][] {
  const lines = text.split(/\r?\n/);
  if (/^"|#version/.test(lines[0] ?? '')) lines.shift();
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const [left, right, ...more] = line.split(' ');
    if (!left || !right || more.length > 0)
      throw new StudioError('tokenizer-invalid', {
        message: `merge ${index + 1} is “${line.slice(0, 40)}”; two parts with a space between are needed`,
      });
    return [left, right];
  });
}

/** `tokenizer.json` of a vocabulary with `</w>` at the end of words. */
export function clipFrom(vocab: Record<string, number>, merges: [string, string][]): unknown {
  const special = (content: string) => ({
    id: vocab[content],
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [clipStart, clipEnd].filter((token) => vocab[token] !== undefined).map(special),
    normalizer: clipNormalizer,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: words }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [clipEnd, vocab[clipEnd]],
      cls: [clipStart, vocab[clipStart]],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
        { type: 'Replace', pattern: { String: '</w>' }, content: ' ' },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: clipEnd,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges,
    },
  };
}

/**
 * What CLIP does with a text before it is cut: most of ftfy's `fix_text` (mojibake of UTF-8 read as Windows-1252, quotes, ligatures, widths, control
 * characters, NFC), HTML entities twice, white space as one space. ftfy weighs how strange a text looks before it mends it; here a text is mended where its
 * strange sequences are UTF-8.
 */
export function cleanForClip(text: string): string {
  const plain = text.includes('<') ? text : unescapeHtml(text);
  const fixed = fixMojibake(plain)
    .replace(/[ﬀ-ﬆ]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\uff01-\uff5e\uff61-\uffef\u3000]/g, (wide) => wide.normalize('NFKC'))
    .replace(/[\u2018-\u201b\u02bc]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(/\r\n|[\r\u2028\u2029\u0085]/g, '\n')
    .replace(/[\p{Cc}\u206a-\u206f\ufeff\ufff9-\ufffb]/gu, (one) => (stays(one) ? one : ''))
    .normalize('NFC');
  return unescapeHtml(unescapeHtml(fixed)).replace(/\s+/g, ' ').trim();
}

/** Control characters that ftfy leaves: those that move the pen, and the upper ones. */
const stays = (one: string): boolean => '\t\n\f\r'.includes(one) || (one >= '\u0080' && one <= '\u009f');

const unescapeHtml = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
      ? String.fromCodePoint(code)
      : whole;
  });

/** Windows-1252's characters of 0x80 … 0x9f; those that it lacks stand for themselves. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const continuing = `[${windows1252}\xa0-\xbf]`;
const mojibake = new RegExp(
  `(?:[\xc2-\xdf]${continuing}|[\xe0-\xef]${continuing}{2}|[\xf0-\xf4]${continuing}{3})+`,
  'g',
);

function fixMojibake(text: string): string {
  return text.replace(mojibake, (found) => {
    const bytes = Uint8Array.from(found, (character) => {
      const place = windows1252.indexOf(character);
      return place >= 0 ? 0x80 + place : character.charCodeAt(0);
    });
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return found;
    }
  });
}
