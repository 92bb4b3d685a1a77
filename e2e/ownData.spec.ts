/** A person's own folder, from the drop to the weights and back. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { makeFolder } from './pictures.ts';
import { bar, chooseRecipe, goTo, smallRecipe, stepShown } from './studio.ts';

async function hitsFor(page: Page, words: string): Promise<string[]> {
  // From another screen, so that no earlier answer is on the page.
  await goTo(page, 'Data');
  await goTo(page, 'Try');
  await page.getByLabel('Words', { exact: true }).last().fill(words);
  await page.getByRole('button', { name: 'Search' }).click();
  const figures = page.locator('figcaption');
  await expect(figures.first()).toContainText('similarity', { timeout: 60_000 });
  return figures.allInnerTexts();
}

test('drop, train, pause, reload, resume, export, import again: equal answers', async ({ page }, info) => {
  const folder = info.outputPath('my pictures');
  const { usable } = await makeFolder(folder);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await expect(page.getByRole('heading', { name: 'First rows' })).toBeVisible();
  await expect(page.getByText('will be left out')).toBeVisible();
  await expect(page.getByText('a picture that is not there')).toHaveCount(0);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText(`${usable} pictures`).first()).toBeVisible({ timeout: 60_000 });

  // What could not be used is listed with its reason; the rest went on.
  await page.getByRole('button', { name: '3 left out' }).click();
  const reasons = page.getByRole('dialog');
  await expect(reasons).toContainText('picture-000.png');
  await expect(reasons).toContainText('Picture cannot be decoded');
  await expect(reasons).toContainText('Caption is empty');
  await expect(reasons).toContainText('File not found');
  await page.keyboard.press('Escape');

  await chooseRecipe(page, smallRecipe);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => stepShown(page), { timeout: 90_000 }).toBeGreaterThan(5);
  await page.getByRole('button', { name: 'Pause training' }).click();
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  const stopped = await stepShown(page);
  // Where the time goes: the run's own next steps, measured, and it is paused again.
  const profile = page.getByRole('region', { name: 'Where the time goes' });
  await profile.getByRole('button', { name: 'Profile 5 steps' }).click();
  await expect(profile.getByRole('application', { name: /^Time by block/ })).toBeVisible();
  await expect(profile.getByRole('img', { name: /^Time by kind of kernel: matmul/ })).toBeVisible();
  await expect.poll(() => stepShown(page)).toBe(stopped + 5);
  await expect(bar(page)).toContainText('Paused');
  const paused = await stepShown(page);
  const words = 'two small green stars';
  const before = await hitsFor(page, words);

  await page.reload();
  await goTo(page, 'Runs');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  expect(await stepShown(page)).toBe(paused);
  expect(await hitsFor(page, words)).toEqual(before);

  await page.getByRole('button', { name: 'Start training' }).click();
  await expect.poll(() => stepShown(page), { timeout: 90_000 }).toBeGreaterThan(paused + 3);
  await page.getByRole('button', { name: 'Pause training' }).click();
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  const trained = await hitsFor(page, words);

  await goTo(page, 'Export');
  const save = async () => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const download = await waiting;
    const path = info.outputPath(download.suggestedFilename());
    await download.saveAs(path);
    return path;
  };
  const file = await save();
  expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
  await expect(page.getByText(/^(\d+) of \1 tensors$/)).toBeVisible();

  // The same model as one page, from the disk and without a network: it finds what Try found.
  await page.getByText('One page', { exact: true }).click();
  const alone = await save();
  await expect(page.getByLabel('passed')).toHaveCount(2);
  const offline = await page.context().newPage();
  await offline.context().setOffline(true);
  await offline.goto(`file://${alone}`);
  const names = readdirSync(`${folder}/Images`);
  await offline.getByLabel('Choose pictures').setInputFiles(names.map((name) => `${folder}/Images/${name}`));
  await expect(offline.getByText(`${names.length} of ${names.length} pictures looked at`)).toContainText(
    'Could not be read: picture-000.png',
  );
  await offline.getByLabel('Words to look for').fill(words);
  await offline.getByRole('button', { name: 'Find' }).click();
  await expect(offline.locator('.score').first()).toHaveText(/^-?\d\.\d{3}$/);
  const scores = (await offline.locator('.score').allTextContents()).map(Number);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  // The studio keeps pictures at 96 pixels before it makes them the model's size; the page makes them so at once.
  for (const text of trained) {
    const score = Number(/similarity (\S+)/.exec(text)?.[1].replace('−', '-'));
    expect(Math.min(...scores.map((one) => Math.abs(one - score))), text).toBeLessThan(0.01);
  }
  await offline.context().setOffline(false);
  await offline.close();

  // The whole run, with what its model makes of a few samples, opens again beside itself.
  const wholeWaiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the run' }).click();
  const whole = info.outputPath('run.zip');
  await (await wholeWaiting).saveAs(whole);
  const inside = unzipSync(new Uint8Array(readFileSync(whole)));
  expect(Object.keys(inside)).toEqual(expect.arrayContaining(['README.md', 'metrics.csv', 'samples.json']));
  expect(JSON.parse(strFromU8(inside['samples.json'])).length).toBeGreaterThan(3);
  const wholeChooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a zip' }).click();
  await (await wholeChooser).setFiles(whole);
  await expect(page.getByRole('row').filter({ hasText: 'small' })).toHaveCount(2);
  await goTo(page, 'Export');

  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a zip' }).click();
  await (await chooser).setFiles(file);
  const row = page.getByRole('row').filter({ hasText: 'Imported' });
  await expect(row).toBeVisible({ timeout: 60_000 });
  await row.getByRole('button', { name: 'Open', exact: true }).click();
  // The run before is paused too: only the name says which one is open.
  await expect(bar(page)).toContainText(/Paused.*small-step-/, { timeout: 60_000 });
  expect(await hitsFor(page, words)).toEqual(trained);

  // A damaged zip is refused with its reason, and nothing else changes.
  const damaged = readFileSync(file);
  damaged.fill(7, 2000, 2400);
  await goTo(page, 'Export');
  const again = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a zip' }).click();
  await (await again).setFiles({ name: 'damaged.zip', mimeType: 'application/zip', buffer: damaged });
  await expect(page.getByText(/Code: (bundle|safetensors)-invalid/)).toBeVisible({ timeout: 60_000 });
  await expect(bar(page)).toContainText('Paused');
});

test('an import can be cancelled and leaves nothing', async ({ page }, info) => {
  const folder = info.outputPath('many');
  await makeFolder(folder, 900);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('The import was cancelled; nothing was kept.')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'No data yet' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No data yet' })).toBeVisible();
});

test('files of no known layout say so and what to do', async ({ page }) => {
  await page.goto('/#/data');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files or a zip' }).click();
  await (await chooser).setFiles({
    name: 'notes.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from([1, 2, 3]),
  });
  await expect(page.getByText('Code: data-unknown-layout')).toBeVisible();
});
