/** Every screen in both languages and both schemes, wide and narrow: nothing cut, nothing serious for axe, no errors. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { makeFolder } from './pictures.ts';
import { bar, smallRecipe } from './studio.ts';

const screens = ['', 'data', 'model', 'train', 'inspect', 'evaluate', 'try', 'compare', 'runs', 'export'];

/** @param axe whether axe looks too: what it finds does not depend on the width */
async function checkScreens(page: Page, problems: string[], axe: boolean): Promise<void> {
  for (const screen of screens) {
    await page.goto(`/#/${screen}`);
    await page.waitForTimeout(500);
    const { violations } = axe ? await new AxeBuilder({ page }).analyze() : { violations: [] };
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    for (const { id, nodes } of serious)
      problems.push(`${screen || 'start'}: ${id}: ${nodes[0].html.slice(0, 160)}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) problems.push(`${screen || 'start'}: ${wide} px wider than the window`);
  }
}

for (const { locale, scheme, width, empty } of [
  { locale: 'en', scheme: 'light', width: 1440, empty: true },
  { locale: 'zh', scheme: 'dark', width: 1024, empty: false },
  { locale: 'zh', scheme: 'light', width: 420, empty: false },
] as const)
  test(`${locale}, ${scheme}, ${width} px: nothing serious for axe, nothing runs out of the window`, async ({
    page,
  }, info) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.setViewportSize({ width, height: 900 });
    await page.addInitScript(
      ([language, appearance, recipe, part]) => {
        if (localStorage.length > 0) return;
        localStorage.setItem(
          'amalgam.settings',
          JSON.stringify({ state: { locale: language, scheme: appearance, executor: 'auto' }, version: 1 }),
        );
        localStorage.setItem('amalgam.controls', JSON.stringify({ state: { shown: true }, version: 1 }));
        const history = { past: [], present: recipe, future: [], changedAt: 0 };
        localStorage.setItem('amalgam.recipe', JSON.stringify({ state: { history }, version: 1 }));
        localStorage.setItem('amalgam.compare', JSON.stringify({ state: { part }, version: 1 }));
        const axes = [
          { path: 'training.optimizer.rate', min: 1e-4, max: 1e-2, scale: 'log' },
          { path: 'training.batch', values: [8, 16] },
          { path: 'fusion.type', values: ['two-tower', 'late'] },
        ];
        localStorage.setItem('amalgam.sweep', JSON.stringify({ state: { axes }, version: 1 }));
      },
      [
        locale,
        scheme,
        { ...smallRecipe, training: { ...smallRecipe.training, steps: 40, validateEvery: 20 } },
        empty ? 'fusions' : 'sweep',
      ] as const,
    );
    await page.goto('/');
    await expect(page.locator('html')).toHaveAttribute('lang', locale === 'zh' ? 'zh-CN' : 'en');
    if (empty) await checkScreens(page, problems, true);
    // With data and a run that has something to show.
    const folder = info.outputPath('pictures');
    await makeFolder(folder, 80);
    await page.goto('/#/data');
    await page.getByLabel(locale === 'zh' ? '选择文件夹' : 'Choose a folder').setInputFiles(folder);
    await page.getByRole('button', { name: locale === 'zh' ? '导入' : 'Import', exact: true }).click();
    await expect(page.locator('[data-place]').first()).toBeVisible({ timeout: 60_000 });
    await page.goto('/#/model');
    await page.getByRole('button', { name: locale === 'zh' ? '训练' : 'Train', exact: true }).click();
    await expect(bar(page)).toContainText(locale === 'zh' ? '已完成' : 'Finished', { timeout: 120_000 });
    await checkScreens(page, problems, width > 1000);
    expect(problems).toEqual([]);
  });

test('language, scheme and palette work from the keyboard', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Train now' })).toBeVisible();
  const before = await page.locator('html').getAttribute('data-mantine-color-scheme');
  await page.keyboard.press('d');
  await expect(page.locator('html')).not.toHaveAttribute('data-mantine-color-scheme', before ?? '');
  await page.keyboard.press('Control+k');
  await expect(page.getByPlaceholder('What would you like to do?')).toBeVisible();
  await page.getByPlaceholder('What would you like to do?').fill('Chinese');
  await expect(page.getByText('Switch English and Chinese')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: '立即训练' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: '立即训练' })).toBeVisible();
  // Pressed again should the page still have been at work.
  await expect(async () => {
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 5000 });
  }).toPass();
});
