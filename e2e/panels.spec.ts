/** Panels that look at the model: by keyboard, at a saved step, as files; what they find is on the page and nothing is wrong. */
import { readFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import sharp from 'sharp';
import masked from '../recipes/masked.json' with { type: 'json' };
import { makeFolder } from './pictures.ts';
import { bar, smallRecipe } from './studio.ts';

const item = (panel: string, settings = {}) => ({ id: panel, panel, columns: 6, rows: 11, settings });
const recipe = {
  ...smallRecipe,
  // With attention between words and patches, and with gates.
  fusion: { type: 'hierarchical', width: 16, depth: 1, heads: 2 },
  objectives: masked.objectives,
  training: { ...smallRecipe.training, steps: 40, validateEvery: 20, checkpointEvery: 20 },
};

async function openMenu(page: Page, id: string, choice: string): Promise<void> {
  await page
    .locator(`[data-id=${id}]`)
    .getByRole('button', { name: /^More: / })
    .click();
  await page.getByRole('menuitem', { name: choice }).click();
}

test('map, histograms, norms, diagram, samples, words, reasons and gates of a run', async ({
  page,
}, info) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.setViewportSize({ width: 1440, height: 3400 });
  await page.addInitScript(
    ([made, items]) => {
      if (localStorage.length > 0) return;
      const history = { past: [], present: made, future: [], changedAt: 0 };
      localStorage.setItem('amalgam.recipe', JSON.stringify({ state: { history }, version: 1 }));
      localStorage.setItem('amalgam.layout', JSON.stringify({ state: { items }, version: 5 }));
    },
    [
      recipe,
      [
        item('embedding', { limit: 40, split: 'all' }),
        item('blocks'),
        item('histogram', { query: 'image.block[0]' }),
        item('diagram'),
        item('samples', { count: 3, split: 'all' }),
        item('why'),
        item('words'),
        item('gates'),
      ],
    ] as const,
  );
  const folder = info.outputPath('pictures');
  await makeFolder(folder, 120);
  await page.goto('/#/data');
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.locator('[data-place]').first()).toBeVisible({ timeout: 60_000 });
  await page.goto('/#/model');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(bar(page)).toContainText('Finished', { timeout: 240_000 });
  await page.goto('/#/train');

  const map = page.getByRole('application', { name: /points of 40 samples/ });
  await map.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', '+', 'Enter', ' '])
    await page.keyboard.press(key);
  const embedding = page.locator('[data-id=embedding]');
  await expect(embedding).toContainText('1 selected');
  await expect(embedding.getByRole('button', { name: 'Pinned' })).toBeVisible();
  await expect(embedding).toContainText('modality gap');
  await embedding.getByRole('button', { name: 'Settings: Embedding map' }).click();
  await page.getByLabel('Map', { exact: true }).selectOption('umap');
  await page.keyboard.press('Escape');
  await expect(embedding).not.toContainText('laying out', { timeout: 60_000 });
  await openMenu(page, 'embedding', 'View as table');
  await expect(embedding.getByRole('columnheader', { name: 'umap1' })).toBeVisible();
  await openMenu(page, 'embedding', 'View as chart');

  const histogram = page.locator('[data-id=histogram]');
  await expect(histogram).toContainText('image.block[0].out');
  await histogram.getByLabel('Tensors').fill('text.blok');
  await page.keyboard.press('Enter');
  await expect(histogram.getByRole('alert')).toContainText('text.block[0]');
  await page
    .getByRole('button', { name: /^embedding, / })
    .first()
    .focus();
  await page.keyboard.press('Enter');
  await expect(histogram.getByLabel('Tensors')).toHaveValue('text.embedding');
  await expect(histogram).toContainText('text.embedding.out');
  await expect(page.locator('[data-id=blocks] [role=img]')).toHaveAttribute(
    'aria-label',
    /image\.blocks\.0: gradient/,
  );
  await expect(page.locator('[data-id=samples]')).toContainText('what is seen');

  const why = page.locator('[data-id=why]');
  await expect(why).toContainText('similarity of Image and Text');
  await why.getByLabel('Method').selectOption('gradcam');
  await expect(why.getByRole('application', { name: /^Credit of / }).first()).toBeVisible();
  const words = page.locator('[data-id=words]');
  await words.locator('button[aria-pressed]').nth(2).focus();
  await page.keyboard.press('Enter');
  await expect(words).toContainText('patches of “');
  await words.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(words).toContainText('words of the patch in row');
  const gates = page.locator('[data-id=gates]');
  await expect(gates).toContainText('held-out samples.');
  await openMenu(page, 'gates', 'View as table');
  await expect(gates.getByRole('columnheader', { name: 'deviation' })).toBeVisible();
  await openMenu(page, 'gates', 'View as chart');

  // At the step that was saved first, gradients are those of a batch.
  await page.keyboard.press('[');
  await expect(page.locator('[data-id=blocks]')).toContainText('no step was measured', { timeout: 60_000 });

  const waiting = page.waitForEvent('download');
  await openMenu(page, 'blocks', 'Save SVG');
  const file = info.outputPath('blocks.svg');
  await (await waiting).saveAs(file);
  const svg = readFileSync(file, 'utf8');
  expect(svg).toContain('Norms by block');
  expect(svg).not.toContain('<image');
  expect(svg.match(/<rect/g)?.length).toBeGreaterThan(10);

  // What stands in HTML is in the picture too.
  const sentence = page.waitForEvent('download');
  await openMenu(page, 'words', 'Save SVG');
  await (await sentence).saveAs(info.outputPath('words.svg'));
  const drawn = readFileSync(info.outputPath('words.svg'), 'utf8');
  for (const text of ['Words and patches', '>[START]<', 'words of the patch in row'])
    expect(drawn).toContain(text);
  const pixels = page.waitForEvent('download');
  await openMenu(page, 'words', 'Save PNG');
  await (await pixels).saveAs(info.outputPath('words.png'));
  const { width = 0, height = 0 } = await sharp(info.outputPath('words.png')).metadata();
  const [, wide, high] = /width="(\d+)" height="(\d+)"/.exec(drawn) ?? [];
  expect([width, height]).toEqual([2 * Number(wide), 2 * Number(high)]);

  for (const [title, source] of [
    ['Why', 'Sundararajan'],
    ['Words and patches', 'FILIP'],
    ['Gates and experts', 'Switch'],
  ]) {
    await page.getByRole('button', { name: `About ${title}` }).click();
    await expect(page.getByRole('article', { name: title })).toContainText(source);
    await page.keyboard.press('Escape');
  }
  await embedding.getByRole('button', { name: 'About Embedding map' }).click();
  await expect(page.getByRole('article', { name: 'Embedding map' })).toContainText('Wang & Isola 2020');
  await page.keyboard.press('Escape');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`),
  ).toEqual([]);

  await page.goto('/#/inspect');
  const nearest = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Nearest training samples' }) });
  await expect(nearest).toContainText(/training samples, with the weights of step/);
  await nearest.getByText('Text', { exact: true }).click();
  await expect(nearest.getByRole('listitem').first()).toBeVisible();
  expect(problems).toEqual([]);
});
