/** Augmentation on the page: real samples beside what training makes of them, following the settings, with words in both languages. */
import { expect, type Page, test } from '@playwright/test';
import { makeFolder } from './pictures.ts';
import { chooseRecipe, goTo, smallRecipe } from './studio.ts';

const section = (page: Page) => page.locator('#recipe-data-augment');
const views = (page: Page) => section(page).getByRole('region', { name: 'As training sees it' });

/** What the canvases hold, the original's first. */
const pictures = (page: Page) =>
  views(page)
    .locator('canvas')
    .evaluateAll((all) => all.map((one) => (one instanceof HTMLCanvasElement ? one.toDataURL() : '')));

test('six views stand beside a sample and follow what is set', async ({ page }, info) => {
  const folder = info.outputPath('pictures');
  await makeFolder(folder, 60);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.locator('[data-place]').first()).toBeVisible({ timeout: 60_000 });
  await chooseRecipe(page, smallRecipe);
  await expect(views(page).getByRole('listitem')).toHaveCount(7);
  await expect(views(page)).toContainText('Nothing is switched on');
  // Those of the recipe that was chosen last, not of the one before it.
  await expect(views(page).locator('canvas').first()).toHaveAttribute('width', '16');
  const still = await pictures(page);
  expect(new Set(still).size).toBe(1);

  // A change of the picture: six views that differ from it, and from each other.
  await section(page).getByLabel('Cut-out').fill('0.4');
  await expect(async () => expect(new Set(await pictures(page)).size).toBe(7)).toPass();
  expect((await pictures(page))[0]).toBe(still[0]);
  const before = await pictures(page);
  await views(page).getByRole('button', { name: 'Other draws' }).click();
  await expect(async () => {
    const after = await pictures(page);
    expect(after[0]).toBe(still[0]);
    expect(after.slice(1).every((one) => !before.includes(one))).toBe(true);
  }).toPass();

  // Synonyms come with their lists, and are marked in captions.
  await section(page).getByLabel('Synonyms').fill('1');
  const list = section(page).getByLabel('Words that mean the same');
  await expect(list).toHaveValue(/big, large[\s\S]*照片/);
  const caption = (await views(page).getByRole('listitem').first().locator('p').textContent()) ?? '';
  const word = caption.split(' ').at(-1) ?? '';
  await list.fill(`${word}, thingummy`);
  await expect(views(page).locator('mark', { hasText: 'thingummy' })).toHaveCount(6);
  await list.fill(`${word}, thingummy\n${word}, other`);
  await expect(section(page)).toContainText(`“${word}” stands in the list twice.`);
  await list.fill('');
  await expect(views(page).locator('mark')).toHaveCount(0);

  // Mirroring brings the words it swaps; what is wrong is told, and views come back when it is mended.
  await section(page).getByRole('switch', { name: 'Mirror' }).click({ force: true });
  await expect(section(page).getByLabel('Words that a mirrored picture swaps')).toHaveValue(
    /left, right[\s\S]*左, 右/,
  );
  await expect(async () => {
    await views(page).getByRole('button', { name: 'Another sample' }).click();
    await expect(views(page)).toContainText('mirrored', { timeout: 1500 });
  }).toPass();
  await page.keyboard.press('Control+z');

  await page.reload();
  await goTo(page, 'Model');
  await expect(section(page).getByLabel('Cut-out')).toHaveValue('0.4');
  await expect(views(page).getByRole('listitem')).toHaveCount(7);
});
