import { chromium } from 'playwright';
import { smallRecipe } from './e2e/studio.ts';
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--enable-unsafe-webgpu','--enable-features=Vulkan','--use-webgpu-adapter=swiftshader','--disable-background-networking'] });
const zh = process.argv.includes('zh');
const scheme = process.argv.includes('dark') ? 'dark' : 'light';
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.on('pageerror', (e) => console.log('ERR', e.message));
const recipe = { ...smallRecipe, name: 'flags', training: { ...smallRecipe.training, batch: 32, steps: 260, clip: 0.002, validateEvery: 50, optimizer: { type: 'adamw', rate: 1e-6, weightDecay: 0.1 } }, data: { ...smallRecipe.data, textLength: 4, split: { by: 'files', validation: 0.1, test: 0, seed: 0 } } };
await page.addInitScript(([language, appearance, r]) => {
  if (localStorage.length > 0) return;
  localStorage.setItem('amalgam.settings', JSON.stringify({ state: { locale: language, scheme: appearance, executor: 'auto' }, version: 1 }));
  localStorage.setItem('amalgam.recipe', JSON.stringify({ state: { history: { past: [], present: r, future: [], changedAt: 0 } }, version: 1 }));
}, [zh ? 'zh' : 'en', scheme, recipe] as const);
await page.goto('http://127.0.0.1:4193/#/data');
await page.locator('input[type=file]').first().setInputFiles('/work/shared/data/region-flags/region-flags.zip').catch((e) => console.log(String(e).slice(0, 300)));
await page.getByRole('button', { name: zh ? '导入' : 'Import', exact: true }).click();
await page.locator('figure').first().waitFor({ timeout: 60000 });
const tag = `${zh ? 'zh' : 'en'}-${scheme}`;
await page.goto('http://127.0.0.1:4193/#/model');
const region = page.getByRole('region', { name: zh ? '训练前检查' : 'Pre-flight' });
await region.waitFor();
await region.screenshot({ path: `/tmp/w/p-${tag}-preflight-empty.png` });
await region.getByRole('button', { name: zh ? '运行全部检查' : 'Run all checks' }).click();
await page.waitForTimeout(2500);
await region.screenshot({ path: `/tmp/w/p-${tag}-preflight-busy.png` });
await region.getByRole('button', { name: zh ? '运行全部检查' : 'Run all checks' }).waitFor({ timeout: 120000 });
for (const width of [1440, 1024, 400]) {
  await page.setViewportSize({ width, height: 2600 });
  await page.waitForTimeout(700);
  await region.screenshot({ path: `/tmp/w/p-${tag}-preflight-${width}.png` });
}
await page.setViewportSize({ width: 1440, height: 900 });
await page.getByRole('button', { name: zh ? '训练' : 'Train', exact: true }).click();
await page.getByRole('banner').getByText(zh ? '已完成' : 'Finished').waitFor({ timeout: 180000 });
await page.goto('http://127.0.0.1:4193/#/train');
for (const width of [1440, 1024, 400]) {
  await page.setViewportSize({ width, height: 900 });
  await page.waitForTimeout(700);
  await page.screenshot({ path: `/tmp/w/p-${tag}-findings-${width}.png` });
}
await browser.close();
