/** Resizing, listening and tokenizing for a recipe, in a worker of its own, so that training and the page go on meanwhile. */
import { expose, transfer } from 'comlink';
import './transfer.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Recipe } from '../core/recipe.ts';
import type { Dataset } from '../data/dataset.ts';
import { prepare } from '../data/prepare.ts';
import type { PreparedData } from '../data/prepared.ts';
import { createBrowserStore } from '../data/store.browser.ts';
import { type Crossing, handedOver, taken } from './pixelsAcross.ts';

export type Prepared = Omit<PreparedData, 'tokenizer' | 'pixels'> & { tokenizer: unknown; pixels: Crossing };

export interface PrepareApi {
  prepare(
    dataset: Omit<Dataset, 'pixels'> & { pixels: Crossing },
    data: Recipe['data'],
    tokenizer: unknown,
    onProgress?: OnProgress,
  ): Promise<Prepared>;
}

const datasets = createBrowserStore();

const api: PrepareApi = {
  async prepare(dataset, data, tokenizer, onProgress) {
    const own = { ...dataset, pixels: await taken(dataset.pixels, datasets) };
    const prepared = await prepare(own, data, tokenizer, onProgress, { resized: datasets });
    const { pixels, large } = handedOver(prepared.pixels);
    large.push(prepared.pairs.tokens.buffer);
    if (prepared.sound) large.push(prepared.sound.values.buffer);
    return transfer({ ...prepared, pixels, tokenizer: prepared.tokenizer.toJSON() }, large);
  },
};
expose(api);
