/** How captions become tokens: as the recipe at hand says, before there is one as usual. */
import { useStore } from 'zustand';
import type { TextData } from '../../workers/api.ts';
import { currentRecipe, recipeStore } from './recipe.ts';

const usual: TextData = {
  split: { by: 'files', validation: 0.1, test: 0, seed: 0 },
  vocabulary: 512,
  textLength: 24,
};

/** The same object as long as it says the same. */
export function useTextData(): TextData {
  return useStore(recipeStore, (state) => currentRecipe(state)?.data ?? usual);
}

export const textDataOf = ({ split, vocabulary, textLength, tokenizer }: TextData): TextData => ({
  split,
  vocabulary,
  textLength,
  ...(tokenizer && { tokenizer }),
});
