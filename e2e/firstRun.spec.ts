/** The first run: one button, and a curve moves. The seconds are printed; how many they are depends on what else the machine does. */
import { expect, test } from '@playwright/test';
import { bar, stepShown } from './studio.ts';

test('one click trains the sample set, and the curve moves', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto('/');
  const button = page.getByRole('button', { name: 'Train now' });
  await expect(button).toBeEnabled();
  // A person reads the sentence first; meanwhile the kernels are compiled.
  await page.waitForTimeout(8000);
  const began = Date.now();
  await button.click();
  await expect(bar(page)).toContainText('Training', { timeout: 60_000 });
  await expect.poll(() => stepShown(page), { timeout: 60_000, intervals: [100] }).toBeGreaterThan(1);
  const seconds = (Date.now() - began) / 1000;
  console.log(`first step after ${seconds.toFixed(1)} s`);
  // The aim is ten on a quiet machine; a test must not fail because the machine is busy.
  expect(seconds).toBeLessThan(45);
  await expect(page.getByRole('heading', { name: 'Loss' }).first()).toBeVisible();
  await page.keyboard.press('Space');
  await expect(bar(page)).toContainText('Paused', { timeout: 60_000 });
  expect(problems).toEqual([]);
});
