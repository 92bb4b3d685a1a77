/** The tokenizer that a recipe without one of a file learns: byte-level BPE over the captions of its training samples. */
import { StudioError } from '../../core/errors.ts';
import type { Recipe } from '../../core/recipe.ts';
import type { Split } from '../dataset.ts';
import { type TokenizerJson, trainBpe } from './bpe.ts';

/** What of a recipe says how captions become tokens. */
export type TextData = Pick<Recipe['data'], 'split' | 'vocabulary' | 'textLength' | 'tokenizer'>;

/**
 * @param splits of each sample; what a cleaning leaves out is not `train`
 * @throws StudioError `tokenizer-missing` where the recipe names a file, which has to be given instead; `cancelled`
 */
export function learnedTokenizer(
  captions: readonly (readonly string[])[],
  splits: readonly Split[],
  { vocabulary, tokenizer }: Pick<Recipe['data'], 'vocabulary' | 'tokenizer'>,
  onProgress?: (done: number, total: number) => void,
  signal?: AbortSignal,
): TokenizerJson {
  if (tokenizer) throw new StudioError('tokenizer-missing', { name: tokenizer.name });
  const training = captions.flatMap((list, i) => (splits[i] === 'train' ? list : []));
  return trainBpe(training, vocabulary, onProgress, signal);
}
