/** A frozen encoder: its features are kept across a reload, shown and let go. */
import { expect, test } from '@playwright/test';
import { bar, chooseRecipe, goTo, smallRecipe, stepShown } from './studio.ts';

test('features of a frozen encoder are kept, found after a reload, and let go', async ({ page }) => {
  await page.goto('/#/data');
  await page.getByRole('button', { name: 'Make the sample set' }).first().click();
  await expect(page.getByLabel('Data sets', { exact: true })).toContainText('pictures');

  // The Model screen says why it would be computed in every step, and that it is not where nothing forbids to keep it.
  const towers = page.getByRole('list', { name: 'Frozen encoders' });
  const training = { ...smallRecipe.training, groups: [{ match: 'image', freeze: true }] };
  const augment = { ...smallRecipe.data.augment, flip: true };
  await chooseRecipe(page, { ...smallRecipe, data: { ...smallRecipe.data, augment }, training });
  await expect(towers).toContainText('Image: computed in every step; its samples are augmented');
  await goTo(page, 'Data');
  await chooseRecipe(page, { ...smallRecipe, training });
  await expect(towers).toHaveText(/^Image: kept features, [\d.]+ kB$/);

  // Trained with what was computed.
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => stepShown(page), { timeout: 90_000 }).toBeGreaterThan(5);
  await expect(towers).toContainText('Image: kept features');
  await page.getByRole('button', { name: 'Pause training' }).click();
  await expect(bar(page)).toContainText('Paused');

  // The storage has them.
  await goTo(page, 'Data');
  const storage = page.getByRole('region', { name: 'Storage of this browser' });
  await expect(storage).toContainText('1 set of features of frozen encoders');

  // After a reload the run is opened with what is kept: no more is there.
  await page.reload();
  await expect(storage).toContainText('1 set of features of frozen encoders');
  await goTo(page, 'Train');
  await page
    .getByRole('button', { name: /^Continue/ })
    .first()
    .click();
  await expect(bar(page)).toContainText('Paused');
  await expect(towers).toContainText('Image: kept features');
  await goTo(page, 'Data');
  await expect(storage).toContainText('1 set of features of frozen encoders');
  await storage.getByRole('button', { name: /^Free .* of features$/ }).click();
  await expect(storage).not.toContainText('features of frozen encoders');
});
