/** A finished run goes on with other data and another modality: what is taken is told, the old task is replayed and measured, and the tree says where it is from. */
import { expect, type Page, test } from '@playwright/test';
import { digitsRecipe, makeDigits } from './digits.ts';
import { bar, chooseRecipe, goTo } from './studio.ts';

async function importDigits(page: Page, folder: string, which: { first?: number; last?: number }) {
  await makeDigits(folder, 60, which);
  await goTo(page, 'Data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.locator('figure, [data-place]').first()).toBeVisible({ timeout: 60_000 });
}

test('continue on other digits, with sound added and the old ones replayed', async ({ page }, info) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('/#/data');
  await importDigits(page, info.outputPath('low'), { last: 4 });
  const { image } = digitsRecipe.encoders;
  await chooseRecipe(page, { ...digitsRecipe, encoders: { image } });
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(bar(page)).toContainText('Finished', { timeout: 120_000 });
  await importDigits(page, info.outputPath('high'), { first: 5 });

  await goTo(page, 'Runs');
  await page.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Continue on other data…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('New data', { exact: true })).toContainText('high');
  await expect(dialog.getByLabel('Replay old samples')).toBeChecked();
  await expect(dialog.getByLabel('Measure the old data too')).toBeChecked();
  const taken = dialog.getByRole('listitem');
  await expect(taken.filter({ hasText: /^Image encoder: all \d+ tensors$/ })).toBeVisible();
  await expect(
    taken.filter({ hasText: 'Head of classification: 5 of 10 rows, by class name' }),
  ).toBeVisible();
  await dialog.getByLabel('Add audio, which the new data has').check();
  await expect(
    taken.filter({ hasText: 'Audio encoder: begins at random; the other run has none' }),
  ).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill('high digits');
  await dialog.getByRole('button', { name: 'Create the run' }).click();
  await expect(dialog).toHaveCount(0, { timeout: 60_000 });
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });

  await page.keyboard.press('Space');
  await expect(bar(page)).toContainText('Finished', { timeout: 180_000 });
  const score = page.getByRole('region', { name: 'Score' });
  await expect(score.getByRole('button', { name: /old data/ })).toBeVisible();
  await expect(
    score.getByText(/^Old data: [\d.]+\s*% · forgotten [\d.]+\s*% · backward transfer/),
  ).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Loss' }).getByRole('button', { name: /old data/ }),
  ).toBeVisible();

  await goTo(page, 'Runs');
  await page.getByText('Tree', { exact: true }).click();
  await expect(
    page.getByRole('row').filter({ hasText: /weights of step 24: Data “low” → “high”/ }),
  ).toBeVisible();
  expect(problems).toEqual([]);
});
