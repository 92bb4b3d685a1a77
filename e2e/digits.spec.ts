/** Two modalities and a class: trained from files, its accuracy watched, its gates looked at, and asked with one modality left out. */
import { expect, test } from '@playwright/test';
import { digitsRecipe, makeDigits } from './digits.ts';
import { bar, chooseRecipe, goTo } from './studio.ts';

test('train digits, see accuracy, inspect the gates, ask without the sound', async ({ page }, info) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const folder = info.outputPath('digits');
  await makeDigits(folder, 80);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.locator('figure').first()).toBeVisible({ timeout: 60_000 });
  await chooseRecipe(page, digitsRecipe);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(bar(page)).toContainText('Finished', { timeout: 120_000 });

  // What a classifier measures is there; what it cannot show is not.
  const score = page.getByRole('region', { name: 'Score' });
  await expect(score.getByRole('button', { name: /classification · accuracy/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Run', exact: true })).toContainText(
    /accuracy, validation\s*[\d.]+\s*%/,
  );
  await expect(page.getByRole('region', { name: 'Similarity' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Retrieval' })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Gradients' }).getByText('Fused').first()).toBeVisible();

  await goTo(page, 'Inspect');
  const gates = page.getByRole('img', { name: /^Weight of each modality: Image [\d.e−]+; Audio [\d.e−]+/ });
  await expect(gates).toBeVisible();
  const before = await gates.getAttribute('aria-label');
  await page.getByText('without Audio').click();
  await expect(page.getByText(/before [\d.]+\s*%/).first()).toBeVisible();
  // The gate of what is left out is closed.
  await expect(
    page.getByRole('img', { name: /^Weight of each modality: Image 1\.00; Audio 0/ }),
  ).toBeVisible();
  expect(before).not.toContain('Image 1.00; Audio 0');
  await expect(page.getByRole('application', { name: /seconds of sound/ })).toBeVisible();

  await goTo(page, 'Try');
  await page
    .getByRole('button', { name: /^Ask about/ })
    .first()
    .click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer).toContainText('The data says:');
  await expect(answer).not.toContainText('answers without');
  await page.getByRole('button', { name: 'Leave out: Audio' }).click();
  await expect(page.getByText('The model answers without: Audio.')).toBeVisible();
  await page.getByRole('button', { name: 'Predict', exact: true }).click();
  await expect(answer).toContainText('The model answers without: Audio.');
  await expect(answer).toContainText('The data says:');

  // A branch off the first checkpoint stands under its run, with what it changed.
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Branch from here…' }).click();
  const branch = page.getByRole('dialog');
  await branch.getByLabel('After step').selectOption({ index: 1 });
  await branch.getByRole('button', { name: 'Branch', exact: true }).click();
  await expect(branch).toHaveCount(0, { timeout: 60_000 });
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  await expect(
    page.getByRole('region', { name: 'Loss' }).getByRole('button', { name: /^training/ }),
  ).toBeVisible();
  await goTo(page, 'Runs');
  await page.getByText('Tree', { exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: /from step \d+: same recipe/ })).toBeVisible();

  // Two learning rates in one table; the row's recipe is taken over.
  await goTo(page, 'Compare');
  await page.getByRole('tab', { name: 'Sweep' }).click();
  await page.getByLabel('Add a setting', { exact: true }).first().fill('learning rate');
  await page.getByRole('option', { name: /^Learning rate/ }).click();
  await page.getByText('Values', { exact: true }).click();
  await page.getByLabel('Values of Learning rate').fill('0.0021, 0.0042');
  await page.getByText('Grid', { exact: true }).click();
  await expect(page.getByText(/^2 trainings/)).toBeVisible();
  await page.getByRole('button', { name: 'Start the sweep' }).click();
  const results = page.getByRole('region', { name: 'Results of the sweep' });
  await expect(results.getByText('finished')).toHaveCount(2, { timeout: 120_000 });
  await expect(results.getByRole('img', { name: /against Learning rate/ })).toBeVisible();
  await results.getByRole('button', { name: 'Use the recipe with Learning rate 0.0042' }).click();
  await expect(page.getByRole('textbox', { name: 'Learning rate' })).toHaveValue('0.0042');
  expect(problems).toEqual([]);
});
