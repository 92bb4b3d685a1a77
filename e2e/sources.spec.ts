/** Several sources at once, from the drop to one set; and a set written out and read again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { makeFolder } from './pictures.ts';

const add = async (page: Page, label: string, files: string | string[]) => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: label, exact: true }).click();
  await (await chooser).setFiles(files);
};

test('sources are read each in its own way, told where they do not fit, and become one set', async ({
  page,
}, info) => {
  const pictures = info.outputPath('pictures');
  const { usable } = await makeFolder(pictures, 30);
  const tables = info.outputPath('tables');
  mkdirSync(tables);
  const table = (name: string, last: string, value: (i: number) => string) => {
    const rows = Array.from(
      { length: 20 },
      (_, i) => `a sentence about the number ${i},${i * 2},${value(i)}`,
    );
    writeFileSync(join(tables, name), `text,size,${last}\n${rows.join('\n')}\n`);
    return join(tables, name);
  };
  const kinds = table('kinds.csv', 'label', (i) => (i % 2 ? 'odd' : 'even'));
  const prices = table('prices.csv', 'target', (i) => `${i * 1.5 + 0.25}`);

  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(pictures);
  await expect(page.getByRole('heading', { name: 'First rows' })).toBeVisible();
  // Both at once: two tables, each complete in itself.
  await add(page, 'Add files or a zip', [kinds, prices]);
  const sources = page.getByRole('region', { name: /^Source \d/ });
  await expect(sources).toHaveCount(3);
  await expect(sources.nth(1)).toContainText('kinds');
  await expect(sources.nth(1).getByRole('row')).toHaveCount(6);

  // A class and a number are not one target: said where and why, and nothing can be imported.
  const problem = page.getByRole('alert').filter({ hasText: 'The sources do not fit together' });
  await expect(problem).toContainText('prices');
  const start = page.getByRole('button', { name: 'Import', exact: true });
  await expect(start).toBeDisabled();
  await page.getByRole('button', { name: 'Remove the source “prices”' }).click();
  await expect(problem).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: 'Together' })).toContainText('2 classes');
  await start.click();
  await expect(page.getByText(`${usable + 20} samples imported`)).toBeVisible();
  await expect(page.getByText('pictures + kinds').first()).toBeVisible();
});

test.setTimeout(120_000);

test('a set that is written out comes back as it was', async ({ page }, info) => {
  const folder = info.outputPath('my pictures');
  const { usable } = await makeFolder(folder, 30);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByLabel('Side in pixels').fill('24');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(`${usable} samples imported`)).toBeVisible();
  // Without a dialog for files the zip is downloaded.
  await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  const waiting = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /Actions|More/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Write out …' }).click();
  await page.getByRole('radio', { name: /Parquet/ }).click();
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  const download = await waiting;
  const file = info.outputPath(download.suggestedFilename());
  await download.saveAs(file);
  await add(page, 'Choose files or a zip', file);
  await expect(page.getByRole('combobox', { name: 'Layout' })).toHaveValue('Data set written by Amalgam');
  // The size that it is kept at, not the usual one.
  await expect(page.getByLabel('Side in pixels')).toHaveValue('24');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(`${usable} samples imported`).first()).toBeVisible();
});
