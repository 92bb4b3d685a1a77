/** Tokenizers of files, kept by their fingerprint so that recipes can name them. A run has a copy of its own: removing one here breaks none. */
import * as v from 'valibot';
import { StudioError } from '../../core/errors.ts';
import { type ChosenTokenizer, chosenSchema } from '../../core/tokenizer.ts';
import type { StoreFiles } from '../store.read.ts';
import type { ReadTokenizer } from './tokenizerFiles.ts';

const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

export interface KeptTokenizers {
  list(): Promise<ChosenTokenizer[]>;
  /** The parsed `tokenizer.json`. @throws StudioError `tokenizer-missing` */
  load(chosen: ChosenTokenizer): Promise<unknown>;
  add(read: ReadTokenizer): Promise<void>;
  /** How many there are, and their bytes. */
  size(): Promise<{ count: number; bytes: number }>;
  remove(fingerprint: string): Promise<void>;
}

export function keepTokenizers(files: StoreFiles): KeptTokenizers {
  const isName = (name: string) => /^[0-9a-f]{64}$/.test(name);
  const told = async (folder: string): Promise<ChosenTokenizer[]> => {
    const bytes = isName(folder) ? await files.read(folder, 'meta.json') : undefined;
    if (!bytes) return [];
    const read = v.safeParse(chosenSchema, decode(bytes));
    return read.success ? [read.output] : [];
  };
  return {
    async list() {
      const all = await Promise.all((await files.folders()).map(told));
      return all.flat().sort((a, b) => a.name.localeCompare(b.name) || a.entries - b.entries);
    },
    async load({ name, fingerprint }) {
      const bytes = isName(fingerprint) ? await files.read(fingerprint, 'tokenizer.json') : undefined;
      if (!bytes) throw new StudioError('tokenizer-missing', { name });
      return decode(bytes);
    },
    async add({ chosen, json }) {
      // Last, so that what is cut short is not there.
      await files.write(chosen.fingerprint, 'tokenizer.json', encode(json));
      await files.write(chosen.fingerprint, 'meta.json', encode(chosen));
    },
    async size() {
      const kept = (await Promise.all((await files.folders()).map(told))).flat();
      const read = kept.map(({ fingerprint }) => files.read(fingerprint, 'tokenizer.json'));
      const bytes = (await Promise.all(read)).reduce((sum, file) => sum + (file?.length ?? 0), 0);
      return { count: kept.length, bytes };
    },
    async remove(fingerprint) {
      if (!isName(fingerprint)) return;
      await files.removeFile(fingerprint, 'meta.json');
      await files.removeFolder(fingerprint);
    },
  };
}
