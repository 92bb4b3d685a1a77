/** A model evaluated from the page: scores with intervals, controls, curves, the samples of a cell; kept over a reload; a report that asks nothing of any network. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import type { Evaluation } from '../src/core/evaluation.ts';
import { digitsRecipe, makeDigits } from './digits.ts';
import { makeFolder } from './pictures.ts';
import { bar, chooseRecipe, goTo, smallRecipe, stepShown } from './studio.ts';

async function seriousFor(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}

test('digits: classes, controls, curves, report', async ({ page, context }, info) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const folder = info.outputPath('digits');
  await makeDigits(folder, 80);
  await page.goto('/#/evaluate');
  await expect(page.getByText('No model to evaluate yet')).toBeVisible();
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.locator('figure').first()).toBeVisible({ timeout: 60_000 });
  await chooseRecipe(page, digitsRecipe);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(bar(page)).toContainText('Finished', { timeout: 120_000 });

  await goTo(page, 'Evaluate');
  await page.getByLabel('Robustness curves').check();
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Draws behind the intervals').fill('200');
  await page.getByLabel('Fréchet distance to').selectOption('train');
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  const card = page.getByRole('region', { name: 'Classification', exact: true });
  await expect(card).toBeVisible({ timeout: 180_000 });
  await expect(page.getByRole('region', { name: /^.*, step 24$/ })).toContainText(
    /Accuracy\s*[\d.]+ %\s*95 %: [\d.]+ % – [\d.]+ % · n \d+ · chance 10\.0 %/,
  );
  for (const name of [
    'Controls',
    'Noise, Image',
    'Noise, Audio',
    'Blur, Image',
    'Missing, Audio',
    'Reliability',
  ])
    await expect(card.getByRole('img', { name, exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Fréchet distance of features' })).toContainText('Image');

  // The numbers of a chart as a table; the samples of a cell by keys alone.
  await card.getByRole('button', { name: 'More: Controls' }).click();
  await page.getByRole('menuitem', { name: 'View as table' }).click();
  await expect(card.getByRole('cell', { name: 'only image', exact: true })).toBeVisible();
  const matrix = card.getByRole('application', { name: /^Confusion matrix of \d+ classes/ });
  await matrix.focus();
  await matrix.press('ArrowDown');
  await matrix.press('Enter');
  await expect(card.getByText(/taken for .+: \d+/).first()).toBeVisible();
  await card.getByRole('button', { name: 'All samples' }).click();
  expect(await seriousFor(page)).toEqual([]);

  // The file holds what is shown.
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save JSON' }).click();
  const saved: Evaluation = JSON.parse(readFileSync(await (await saving).path(), 'utf8'));
  const [task] = saved.tasks;
  const accuracy = task.parts[0].scores.find(({ name }) => name === 'accuracy');
  expect(accuracy?.n).toBe(saved.data.samples);
  expect(task.examples.filter(({ said, truth }) => said === truth).length / saved.data.samples).toBeCloseTo(
    accuracy?.value ?? Number.NaN,
    9,
  );
  for (const { points } of saved.robustness ?? []) expect(points[0].score.value).toBe(accuracy?.value);

  // Coming back shows it again, from what is kept.
  await page.reload();
  await expect(page.getByRole('region', { name: 'Classification', exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Evaluations of this browser' })).toContainText('step 24');

  const reporting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save report (HTML)' }).click();
  const file = info.outputPath('report.html');
  await (await reporting).saveAs(file);
  const report = await context.newPage();
  const asked: string[] = [];
  report.on('request', (request) => !request.url().startsWith('data:') && asked.push(request.url()));
  report.on('pageerror', (error) => problems.push(error.message));
  await report.goto(`file://${file}`);
  await expect(report.getByRole('heading', { name: 'Classification' })).toBeVisible();
  await expect(report.getByRole('heading', { name: 'Curves of the run' })).toBeVisible();
  expect(await report.locator('img').count()).toBeGreaterThan(0);
  await report.getByRole('button').click();
  await expect(report.getByRole('heading', { name: '分类', exact: true })).toBeVisible();
  expect(asked.map((url) => url.replace(/^file:.*\//, ''))).toEqual(['report.html']);
  expect(await seriousFor(report)).toEqual([]);
  expect(problems).toEqual([]);
});

test('shapes: retrieval both ways and zero-shot with typed classes; a cancelled one leaves nothing', async ({
  page,
}, info) => {
  const folder = info.outputPath('my pictures');
  const { usable } = await makeFolder(folder);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(`${usable} pictures`).first()).toBeVisible({ timeout: 60_000 });
  await chooseRecipe(page, smallRecipe);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => stepShown(page), { timeout: 120_000 }).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Pause training' }).click();
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  const step = await stepShown(page);

  await goTo(page, 'Evaluate');
  await expect(page.getByLabel('Saved step')).toHaveValue(String(step));
  await page.getByLabel('Zero-shot classes').check();
  await expect(page.getByText('Give at least two classes.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Evaluate', exact: true })).toBeDisabled();
  await page.getByLabel('Class names, one on each line').fill('red circle\nblue square');
  await expect(page.getByText('For example: a photo of a red circle')).toBeVisible();
  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('At most so many pairs').fill('64');
  await page.getByLabel('Draws behind the intervals').fill('100');
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('Evaluation cancelled.')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Evaluations of this browser' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  const card = page.getByRole('region', { name: 'Retrieval', exact: true });
  await expect(card).toBeVisible({ timeout: 180_000 });
  await expect(card.getByRole('columnheader', { name: 'Image → Text' })).toBeVisible();
  await expect(card.getByRole('columnheader', { name: 'Text → Image' })).toBeVisible();
  await expect(card.getByRole('row', { name: /^R@10 [\d.]+ % / })).toBeVisible();
  const zero = page.getByRole('region', { name: 'Zero-shot classification' });
  await expect(zero.getByRole('img', { name: 'What samples were taken for' })).toBeVisible();
  expect(await seriousFor(page)).toEqual([]);

  await page.getByRole('button', { name: /^Delete the evaluation of small/ }).click();
  await expect(card).toHaveCount(0);
});
