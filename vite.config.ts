/**
 * Building and testing. Pages are cross-origin isolated (COOP, COEP) because TensorFlow.js' WebAssembly threads and
 * precise timers need it. Two kinds of tests: `unit` in Node, and `gpu` in a real Chromium with WebGPU on whatever
 * adapter there is; without an adapter those fail, they are never skipped.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumArguments, chromiumPath } from './scripts/browser.ts';
import { player } from './scripts/player.ts';
import { serveShared, sharedFolder } from './scripts/serveShared.ts';
import { withoutTexts } from './scripts/withoutTexts.ts';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What an entry needs at once is one file: many small ones of the same modules are larger when compressed, and come later. */
const together = { codeSplitting: { groups: [{ name: 'first', tags: ['$initial' as const] }] } };

export default defineConfig({
  base: './',
  plugins: [react(), player(), ...(process.env.VITEST ? [serveShared()] : [])],
  worker: { format: 'es', plugins: () => [withoutTexts(), player()], rolldownOptions: { output: together } },
  build: { target: 'chrome121', chunkSizeWarningLimit: 1000, rolldownOptions: { output: together } },
  // Bundled anew it would look for its WebAssembly beside the bundle.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { headers: isolation, fs: { allow: ['.', fileURLToPath(new URL('../shared', import.meta.url))] } },
  preview: { headers: isolation },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // Its CommonJS entry calls itself a module; bundled, the real module is taken.
          server: { deps: { inline: ['wgsl_reflect'] } },
          include: ['{src,bench}/**/*.test.{ts,tsx}'],
          exclude: ['src/**/*.gpu.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        // A dependency found late, or those of the page found beside, would reload the browser in the middle of a test.
        optimizeDeps: {
          noDiscovery: true,
          include: [
            '@huggingface/tokenizers',
            '@tensorflow/tfjs',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgpu',
            'comlink',
            'fast-check',
            'fflate',
            'mediabunny',
            'papaparse',
            'valibot',
            'wgsl_reflect',
          ],
        },
        test: {
          name: 'gpu',
          include: ['src/**/*.gpu.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // One adapter, and a software one uses all cores by itself.
          fileParallelism: false,
          provide: { shared: existsSync(sharedFolder), ci: process.env.CI === 'true' },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: chromiumPath(), args: chromiumArguments },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
