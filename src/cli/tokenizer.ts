/** `--tokenizer`: a tokenizer of a file instead of one that is learned from the captions. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { StudioError } from '../core/errors.ts';
import type { ChosenTokenizer } from '../core/tokenizer.ts';
import { type ReadTokenizer, readTokenizerFiles } from '../data/text/tokenizerFiles.ts';
import type { ArgumentRules, Arguments } from './arguments.ts';

export const tokenizerRules: ArgumentRules = {
  tokenizer: {
    value: 'file',
    help: 'splits text as a tokenizer.json or CLIP’s bpe_simple_vocab_16e6.txt.gz says; for vocab.json and merges.txt given twice',
    many: true,
  },
};

const known = new WeakMap<Arguments, Promise<ReadTokenizer | undefined>>();

/** @throws StudioError `bad-argument`, `tokenizer-unknown`, `tokenizer-invalid` */
export function tokenizerGiven(given: Arguments): Promise<ReadTokenizer | undefined> {
  const read = known.get(given) ?? readAll(given.all('tokenizer'));
  known.set(given, read);
  return read;
}

async function readAll(paths: readonly string[]): Promise<ReadTokenizer | undefined> {
  if (paths.length === 0) return undefined;
  const files = paths.map(async (path) => {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new StudioError(
        'bad-argument',
        { argument: '--tokenizer', message: `${path} cannot be read` },
        { cause },
      );
    });
    return { name: basename(path), bytes: new Uint8Array(bytes) };
  });
  return readTokenizerFiles(await Promise.all(files));
}

/** What a recipe names, where it is the one that was given. @throws StudioError `tokenizer-missing` */
export async function tokenizerFor(chosen: ChosenTokenizer | undefined, given: Arguments): Promise<unknown> {
  if (!chosen) return undefined;
  const read = await tokenizerGiven(given);
  if (read?.chosen.fingerprint !== chosen.fingerprint)
    throw new StudioError('tokenizer-missing', { name: chosen.name });
  return read.json;
}
