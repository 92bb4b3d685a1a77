/** The whole way of a finding: seen by the worker, told on the page, its one click a stage of the run that goes on, and undone. */
import { expect, test } from '@playwright/test';
import { makeFolder } from './pictures.ts';
import { bar, chooseRecipe, goTo, smallRecipe, stepShown } from './studio.ts';

/** Clipped far below any gradient there is. */
const clipped = {
  ...smallRecipe,
  training: { ...smallRecipe.training, clip: 0.002, validateEvery: 1000, checkpointEvery: 1000 },
};

test('a gradient that is always clipped: found, changed by one click, taken back, and checked before', async ({
  page,
}, info) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const folder = info.outputPath('my pictures');
  await makeFolder(folder);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.locator('figure, [data-place]').first()).toBeVisible({ timeout: 60_000 });
  await chooseRecipe(page, clipped);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(bar(page)).toContainText('Training', { timeout: 120_000 });
  const card = page
    .getByRole('status')
    .getByRole('article')
    .filter({ hasText: 'The gradient is always clipped' });
  await expect(card).toBeVisible({ timeout: 200_000 });
  expect(await stepShown(page)).toBeGreaterThanOrEqual(190);
  await expect(card).toContainText(
    /\d+ % of the last 150 steps were clipped at 0\.002; the usual norm is [\d.]+/,
  );

  await card.getByRole('button', { name: /^Clip at [\d.]+ instead/ }).click();
  await expect(card).toContainText('Changed; wait for the next look.');
  const changed = page.locator('summary', { hasText: 'What changed' });
  await expect(changed).toContainText('1 change');
  // Undo is one key; the button is there again.
  await page.locator('main').focus();
  await page.keyboard.press('Control+z');
  await expect(card.getByRole('button', { name: /^Clip at/ })).toBeVisible();
  // Made again and left alone, it is resolved at the second look after.
  await page.locator('main').focus();
  await card.getByRole('button', { name: /^Clip at/ }).click();
  await expect(card).toContainText('Changed; wait for the next look.');
  await expect(card).toContainText('resolved', { timeout: 200_000 });

  // Pre-flight: not while it trains; beside the paused run, which stays.
  await goTo(page, 'Model');
  const checks = page.getByRole('region', { name: 'Pre-flight' });
  await expect(checks).toContainText('A run is training: pause it to check');
  await expect(checks.getByRole('button', { name: 'Run all checks' })).toBeDisabled();
  await bar(page).getByRole('button', { name: 'Pause training' }).click();
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  const step = await stepShown(page);
  await checks.getByRole('button', { name: 'Run: Time' }).click();
  await expect(checks).toContainText(/A step takes .*ms/, { timeout: 60_000 });
  await expect(bar(page)).toContainText('Paused');
  expect(await stepShown(page)).toBe(step);
  await bar(page).getByRole('button', { name: 'Start training' }).click();
  await expect.poll(() => stepShown(page), { timeout: 60_000 }).toBeGreaterThan(step);
  expect(problems).toEqual([]);
});
