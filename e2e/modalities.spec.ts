/** Data of three modalities, from the zip to a recipe that can be trained on it; and what the page says where the two do not fit. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { goTo } from './studio.ts';

const zip = fileURLToPath(new URL('../../shared/data/digits-av/digits-av.zip', import.meta.url));

async function chooseShipped(page: Page, title: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Recipe', exact: true }).click();
  await page.getByRole('option', { name: title, exact: true }).click();
}

async function expectNothingSerious(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`)).toEqual([]);
}

test('pictures, sounds and words of one zip: seen, heard, and fitted with a recipe', async ({ page }) => {
  if (!existsSync(zip)) {
    if (process.env.CI === 'true') throw new Error(`${zip} is missing`);
    process.stderr.write(`\n*** SKIPPED, the shared data is not here: ${zip}\n\n`);
    test.skip(true, 'the shared data is missing');
  }
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('/#/data');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files or a zip' }).click();
  await (await chooser).setFiles(zip);
  await expect(page.getByRole('columnheader', { name: 'To predict: label' })).toBeVisible();
  await expect(page.getByText('label: one of 10 classes')).toBeVisible();
  await expect(page.getByRole('cell', { name: 'recordings/0_george_10.wav' })).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();

  const card = page.getByRole('complementary', { name: 'Data sets' });
  await expect(card).toContainText('600 samples', { timeout: 120_000 });
  for (const modality of ['Image', 'Text', 'Audio'])
    await expect(card.getByRole('listitem').filter({ hasText: modality })).toBeVisible();
  const first = page.locator('figure').first();
  await expect(first).toContainText('the digit zero');
  await expect(first).toContainText('label 0');
  await first.getByRole('button', { name: /^Play/ }).click();
  await page.getByLabel('Search texts, targets and files').fill('seven');
  await expect(page.getByText('60 samples').first()).toBeVisible();
  await first.getByRole('button', { name: /^Details of/ }).click();
  await expect(page.getByRole('dialog')).toContainText('the digit seven');
  await page.keyboard.press('Escape');
  await expectNothingSerious(page);

  await goTo(page, 'Model');
  await chooseShipped(page, 'Seen and heard digits');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('digits');
  await expect(page.getByRole('button', { name: /^classification, / })).toBeVisible();
  await expect(page.getByText('This recipe cannot be trained yet')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeEnabled();

  // Each fusion says what it would cost here, or why it does not fit.
  const fusions = page.getByRole('radiogroup', { name: 'Fusion' });
  await expect(fusions.getByRole('radio', { name: 'Late fusion' })).toBeChecked();
  await expect(fusions.getByRole('radio', { name: 'Two towers (CLIP)' })).toBeDisabled();
  await expect(fusions).toContainText('“Classification” needs a joint vector');
  await fusions.scrollIntoViewIfNeeded();
  await expect(fusions.locator('dl[aria-busy=true]')).toHaveCount(0, { timeout: 120_000 });
  await fusions.getByRole('radio', { name: 'Late fusion' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(fusions.getByRole('radio', { name: 'Co-attention (MulT, ViLBERT)' })).toBeChecked();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(fusions.getByRole('radio', { name: 'Late fusion' })).toBeChecked();

  // A second objective, its weight, and both gone by undo.
  await page.getByRole('button', { name: 'Add an objective' }).click();
  await expect(page.getByRole('button', { name: 'Add “Regression”' })).toBeDisabled();
  await page.getByRole('button', { name: 'Add “Contrastive (InfoNCE)”' }).click();
  await expect(page.getByRole('combobox', { name: 'How they add up' })).toBeVisible();
  await page.getByRole('button', { name: 'Move “Contrastive (InfoNCE)” up' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Contrastive (InfoNCE)' }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove “Contrastive (InfoNCE)”' }).click();
  await expect(page.getByRole('combobox', { name: 'How they add up' })).toHaveCount(0);
  await expectNothingSerious(page);

  // What the data lacks is said at its place, and goes by one click.
  await chooseShipped(page, 'Table, picture and text');
  await expect(page.getByText('This recipe cannot be trained yet')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the table encoder' }).last().click();
  await expect(page.getByText('This recipe cannot be trained yet')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Add audio' })).toBeVisible();

  // A mistake stands at its field.
  const width = page.locator('#recipe-encoders-text').getByRole('textbox', { name: 'Width' });
  await width.fill('50');
  await expect(width).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('This recipe cannot be trained yet')).toHaveCount(0);
  expect(problems).toEqual([]);
});

test('a built-in set is made with options of one’s own', async ({ page }) => {
  await page.goto('/#/data');
  await page.getByRole('button', { name: 'Options of “Products with gaps”' }).click();
  await page.getByRole('textbox', { name: 'Samples' }).fill('200');
  await page.getByRole('button', { name: 'Make “Products with gaps”' }).click();
  await expect(page.getByRole('complementary', { name: 'Data sets' })).toContainText('200 samples');
  await expect(page.locator('figure').filter({ hasText: 'category' }).first()).toBeVisible();
});

test('a card of the gallery draws its data and trains', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Train: Parity of three modalities' }).click();
  await expect(page.getByRole('banner')).toContainText('Training', { timeout: 120_000 });
});
