/** What the journeys share: a recipe small enough for a software adapter, and the ways through the page. */
import { expect, type Page } from '@playwright/test';
import shapes from '../recipes/clip-shapes.json' with { type: 'json' };

export const smallRecipe = {
  ...shapes,
  name: 'small',
  data: { ...shapes.data, imageSize: 16, textLength: 20, split: { ...shapes.data.split, validation: 0.2 } },
  encoders: {
    image: { type: 'vit', patch: 8, width: 16, depth: 1, heads: 2 },
    text: { type: 'transformer', width: 16, depth: 1, heads: 2 },
  },
  fusion: { type: 'two-tower', width: 16 },
  training: {
    ...shapes.training,
    batch: 16,
    steps: 100000,
    validateEvery: 50,
    validatePairs: 24,
    checkpointEvery: 50,
  },
};

export async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
}

/** Replaces the recipe through the page's JSON view. */
export async function chooseRecipe(page: Page, recipe: object): Promise<void> {
  await goTo(page, 'Model');
  await page.getByRole('button', { name: 'Recipe as JSON' }).click();
  await page.getByRole('textbox', { name: 'Recipe as JSON' }).fill(JSON.stringify(recipe));
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('small');
}

/** The step that the bar shows. */
export async function stepShown(page: Page): Promise<number> {
  const text = (await page.getByRole('banner').textContent()) ?? '';
  return Number(/step ([\d,]+) of/.exec(text)?.[1].replace(/,/g, '') ?? -1);
}

export const bar = (page: Page) => page.getByRole('banner');
