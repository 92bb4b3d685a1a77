/** A browser without WebGPU: the page says so, estimates honestly, and trains on TensorFlow.js. */
import { chromium, expect, test } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '../scripts/browser.ts';
import { makeFolder } from './pictures.ts';
import { bar, chooseRecipe, smallRecipe, stepShown } from './studio.ts';

test('trains on TensorFlow.js where there is no WebGPU', async ({ baseURL }, info) => {
  const folder = info.outputPath('pictures');
  await makeFolder(folder, 60);
  const args = chromiumArguments.filter((argument) => !argument.includes('webgpu'));
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [...args, '--disable-features=WebGPU'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${baseURL}#/data`);
    await expect(page.getByText('This browser offers no WebGPU')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/times slower than on a graphics card/)).toBeVisible();
    await page.getByLabel('Choose a folder').setInputFiles(folder);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(page.getByText('58 pictures').first()).toBeVisible({ timeout: 60_000 });
    await chooseRecipe(page, {
      ...smallRecipe,
      training: { ...smallRecipe.training, batch: 8, steps: 12, validateEvery: 6, checkpointEvery: 6 },
    });
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(bar(page)).toContainText('Finished', { timeout: 120_000 });
    expect(await stepShown(page)).toBe(12);
    await expect(bar(page)).toContainText('TensorFlow.js');
  } finally {
    await browser.close();
  }
});
