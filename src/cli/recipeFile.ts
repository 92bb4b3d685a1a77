/** A recipe from disk, with what the command line says instead. */
import { readFile } from 'node:fs/promises';
import { StudioError } from '../core/errors.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';
import { type Arguments, wholeNumber } from './arguments.ts';
import { tokenizerGiven } from './tokenizer.ts';

export const defaultRecipe = 'recipes/clip-shapes.json';

/** @throws StudioError `bad-argument`, `recipe-invalid` with the file and the field */
export async function readRecipe(path: string): Promise<Recipe> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new StudioError(
      'bad-argument',
      { argument: '--recipe', message: `${path} cannot be read` },
      { cause },
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('recipe-invalid', { path, message: `it is not JSON: ${message}` }, { cause });
  }
  return parseRecipe(json);
}

/** The recipe with --steps, --seed and --tokenizer. @throws StudioError `bad-argument`, and those of a tokenizer's file */
export async function overridden(recipe: Recipe, given: Arguments): Promise<Recipe> {
  const changed = structuredClone(recipe);
  const tokenizer = await tokenizerGiven(given);
  if (tokenizer) changed.data.tokenizer = tokenizer.chosen;
  if (given.has('steps')) changed.training.steps = wholeNumber(given.one('steps')!, '--steps', 1);
  if (given.has('seed')) changed.seed = wholeNumber(given.one('seed')!, '--seed', 0);
  return parseRecipe(changed);
}
