/** Resizing, listening and tokenizing for a recipe, in a worker of its own, so that training and the page go on meanwhile. */
import { expose, transfer } from 'comlink';
import './transfer.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset } from '../data/dataset.ts';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';

export type Prepared = Omit<PreparedData, 'tokenizer'> & { tokenizer: unknown };

export interface PrepareApi {
  prepare(
    dataset: Dataset,
    data: Recipe['data'],
    tokenizer: unknown,
    onProgress?: OnProgress,
  ): Promise<Prepared>;
}

const api: PrepareApi = {
  async prepare(dataset, data, tokenizer, onProgress) {
    const prepared = await prepare(dataset, data, tokenizer, onProgress);
    const large = [prepared.pixels.buffer, prepared.pairs.tokens.buffer];
    if (prepared.sound) large.push(prepared.sound.values.buffer);
    return transfer({ ...prepared, tokenizer: prepared.tokenizer.toJSON() }, large);
  },
};
expose(api);
