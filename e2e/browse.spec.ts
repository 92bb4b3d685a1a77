/** A person's set, looked through and mended: grid, search, drawer with tokens, an edit and its undo, a sample left out, CLIP's tokenizer, training. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { bar, chooseRecipe, goTo, smallRecipe, stepShown } from './studio.ts';

const shared = (path: string) =>
  [`../../shared/data/${path}`, `../shared/data/${path}`]
    .map((one) => fileURLToPath(new URL(one, import.meta.url)))
    .find((one) => existsSync(one)) ?? '';
const folder = shared('layouts/flickr8k-captions-txt');
const vocabulary = shared('references/clip-bpe/bpe_simple_vocab_16e6.txt.gz');

const cells = (page: Page) => page.locator('[data-place]');

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}

test('grid, search, tokens, an edit and its undo, one left out, CLIP’s tokenizer, training', async ({
  page,
}) => {
  test.skip(folder === '' && process.env.CI !== 'true', 'the folder shared/data is not here');
  const problems: string[] = [];
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(cells(page)).toHaveCount(12, { timeout: 60_000 });
  const all = page.getByRole('status').filter({ hasText: 'sample' });
  await expect(all).toHaveText('12 samples');
  // The pictures are drawn, not only their places.
  await expect
    .poll(() =>
      page.locator('[data-place="0"] canvas').evaluate((canvas: HTMLCanvasElement) =>
        canvas
          .getContext('2d')
          ?.getImageData(0, 0, canvas.width, canvas.height)
          .data.some((v) => v > 0),
      ),
    )
    .toBe(true);
  expect(await serious(page)).toEqual([]);

  // The keyboard alone: one stop, arrows, Enter.
  await page.locator('[data-place="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-place="1"]')).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.locator('[data-place="11"]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Sample 12 of 12');
  await page.keyboard.press('Escape');

  // Words in any order.
  const search = page.getByLabel('Search texts, targets and files');
  await search.fill('TABLE plates');
  await expect(all).toHaveText('1 sample');
  const found = await cells(page).count();
  expect(found).toBeLessThan(12);
  await search.fill('plates table');
  await expect(cells(page)).toHaveCount(found);
  await search.fill('');
  await expect(cells(page)).toHaveCount(12);

  // Every modality of one sample, with tokens.
  await page.locator('[data-place="0"]').click();
  const drawer = page.getByRole('dialog');
  await expect(drawer).toContainText('Several plates of food are set on a table .');
  await expect(drawer).toContainText('pixels in the file');
  await expect(drawer.getByRole('list', { name: 'Tokens of the caption' })).toHaveCount(5);
  await expect(drawer.getByRole('list', { name: 'Tokens of the caption' }).first()).toContainText('[START]');
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await expect(drawer).toContainText('Sample 2 of 12');
  await page.keyboard.press('ArrowLeft');
  await expect(drawer).toContainText('Sample 1 of 12');

  // An edit, taken back, made again, and there after a reload.
  await drawer.getByRole('button', { name: 'Edit caption 1' }).click();
  await drawer.getByRole('textbox', { name: 'Caption' }).fill('a zeppelin over plates');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer).toContainText('Before: Several plates of food');
  await drawer.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(drawer).not.toContainText('zeppelin');
  await expect(drawer).not.toContainText('Before:');
  await drawer.getByRole('button', { name: 'Redo', exact: true }).click();
  await expect(drawer).toContainText('a zeppelin over plates');
  await drawer.getByRole('button', { name: 'Remove caption 5' }).click();
  await expect(drawer.getByRole('button', { name: /^Remove caption/ })).toHaveCount(4);

  // Left out, it stays open and goes from the list; its neighbour is next.
  await drawer.getByRole('button', { name: 'Next sample' }).click();
  await expect(drawer).toContainText('Sample 2 of 12');
  await expect(drawer.getByRole('button', { name: 'Edit caption 1' })).toBeVisible();
  await drawer.getByRole('button', { name: 'Leave this one out' }).click();
  await expect(drawer).toContainText('left out of training and validation');
  await page.keyboard.press('Escape');
  await expect(cells(page)).toHaveCount(11);
  await page.reload();
  await expect(cells(page)).toHaveCount(11);
  await expect(page.locator('[data-place="0"]')).toContainText('a zeppelin over plates');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('switch', { name: 'Edited captions only (1)' }).click();
  await expect(cells(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(cells(page)).toHaveCount(11);
  await page.keyboard.press('Escape');

  // A file that is none, then CLIP's.
  await chooseRecipe(page, smallRecipe);
  const add = async (files: string | { name: string; mimeType: string; buffer: Buffer }) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add from a file' }).click();
    await (await chooser).setFiles(files);
  };
  await add({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('one two three\n') });
  await expect(page.getByText('Code: tokenizer-unknown')).toBeVisible();
  await page.locator('.mantine-Notification-closeButton').first().click();
  await expect(page.getByText('Code: tokenizer-unknown')).toHaveCount(0);
  await add(vocabulary);
  await expect(page.getByRole('combobox', { name: 'Tokenizer' })).toHaveValue(
    /^bpe_simple_vocab.* 49,408 entries$/,
  );
  const example = page.getByRole('region', { name: 'The first captions, tokenized' });
  await expect(example).toContainText('zeppelin');
  await expect(example).toContainText('49406');
  expect(await serious(page)).toEqual([]);

  const small = { ...smallRecipe.training, batch: 4, steps: 6, validateEvery: 3, validatePairs: 2 };
  const json = page.getByRole('textbox', { name: 'Recipe as JSON' });
  const recipe = JSON.parse(await json.inputValue());
  expect(recipe.data.tokenizer).toMatchObject({ entries: 49408 });
  await json.fill(JSON.stringify({ ...recipe, training: small }));
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(bar(page)).toContainText('Finished', { timeout: 200_000 });
  expect(await stepShown(page)).toBe(6);

  // The run keeps its own copy, and what it saw, whatever becomes of the set and the tokenizer.
  await goTo(page, 'Model');
  await page.getByRole('button', { name: /^Forget “bpe_simple/ }).click();
  await expect(page.getByRole('combobox', { name: 'Tokenizer' })).toHaveValue('learned from the captions');
  await page.reload();
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(bar(page)).toContainText('Finished', { timeout: 120_000 });
  expect(problems).toEqual([]);
});
