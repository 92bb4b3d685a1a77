/** From a drop to a clean, divided, examined set, and out again, as a newcomer goes. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { makeFolder } from './pictures.ts';
import { bar, chooseRecipe, goTo, smallRecipe, stepShown } from './studio.ts';

test('rules with counts, by hand, undo; statistics; splits; suspicious pairs; written out and read again', async ({
  page,
}, info) => {
  const folder = info.outputPath('my pictures');
  const { usable } = await makeFolder(folder);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const sets = page.getByLabel('Data sets', { exact: true });
  await expect(sets.getByText(`${usable} pictures`)).toBeVisible();

  // How full the browser's storage is.
  await expect(page.getByRole('region', { name: 'Storage of this browser' })).toContainText('used');

  // Looking says what each rule would leave out; a rule that is switched on does so, and undo takes it back.
  const cleaning = page.getByRole('region', { name: 'Cleaning' });
  await cleaning.getByRole('button', { name: 'Look for problems' }).click();
  const words = cleaning.getByRole('listitem').filter({ hasText: 'Words in a caption' });
  await expect(words).toContainText('would leave out');
  await words.getByRole('button', { name: 'Words in a caption', exact: true }).click();
  await words.getByLabel('At most').fill('9');
  await words.getByRole('switch').locator('..').click();
  const left = async () => Number(/(\d+) of \d+ left out/.exec((await words.textContent()) ?? '')?.[1]);
  await expect.poll(left).toBeGreaterThan(5);
  const dropped = await left();
  const keep = words.getByRole('button', { name: /^Keep / }).first();
  await keep.click();
  await expect.poll(left).toBe(dropped - 1);
  await cleaning.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(left).toBe(dropped);
  await page.reload();
  await expect(sets).toContainText(`${dropped} left out`);

  // What the set is made of.
  await page.getByText('Statistics', { exact: true }).click();
  await expect(page.getByText('Pictures are kept at 96 × 96 pixels.')).toBeVisible();

  // Another way of dividing shows what it gives.
  await chooseRecipe(page, smallRecipe);
  const result = page.getByText(/^Training \d+ · Validation \d+$/).first();
  await expect(result).toBeVisible();
  const before = await result.textContent();
  await page.getByLabel('Validation share').first().fill('0.4');
  await expect(result).not.toHaveText(before ?? '');

  // What the model finds hardest, left out by hand.
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => stepShown(page), { timeout: 90_000 }).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Pause training' }).click();
  await expect(bar(page)).toContainText('Paused');
  await goTo(page, 'Data');
  await cleaning.getByRole('button', { name: 'Rules', exact: true }).click();
  await cleaning.getByRole('button', { name: 'Measure' }).click();
  await expect(cleaning).toContainText(`${usable - dropped} pairs measured`);
  await cleaning
    .getByRole('button', { name: /^Leave .* out$/ })
    .first()
    .click();
  await expect(sets).toContainText(`${dropped + 1} left out`);

  // Written out and read again: what was left out is not in it.
  await sets.getByRole('button', { name: /^Actions/ }).click();
  await page.getByRole('menuitem', { name: 'Write out' }).click();
  // A dialog of the system cannot be pressed here; without it the file is downloaded.
  await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  const file = info.outputPath('written.zip');
  await (await download).saveAs(file);
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  await page.locator('input[type=file]:not([webkitdirectory])').first().setInputFiles(file);
  await expect(page.getByRole('heading', { name: 'First rows' })).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(sets.getByText(`${usable - dropped - 1} pictures`)).toBeVisible();
});
