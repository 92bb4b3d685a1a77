/** Journeys through the built studio in a real Chromium: `vite preview` serves what `npm start` would serve. */
import { defineConfig } from '@playwright/test';
import { chromiumArguments, chromiumPath } from './scripts/browser.ts';

const port = Number(process.env.AMALGAM_E2E_PORT ?? 4179);

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  timeout: 180_000,
  expect: { timeout: 60_000 },
  // Two would fight for one software adapter.
  workers: 1,
  retries: 0,
  forbidOnly: process.env.CI === 'true',
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: chromiumPath(), args: chromiumArguments },
    trace: 'off',
    video: 'off',
  },
  webServer: {
    command: `npx vite build --logLevel warn && npx vite preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
    timeout: 240_000,
    reuseExistingServer: false,
  },
});
