import { expect, it } from 'vitest';
import { createBrowserStore } from './store.browser.ts';

const inWorker = (): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./testing/large.worker.ts', import.meta.url), { type: 'module' });
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
  });

it('keeps pictures that do not fit in their file, in a worker', async () => {
  expect(await inWorker()).toEqual([]);
});

it('a set that another worker reads is removed, and its file goes when it is free', async () => {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(`busy-${crypto.randomUUID()}`, { create: true });
  const store = createBrowserStore(async () => root);
  await store.save(
    {
      id: 'a-1',
      name: 'a',
      source: 'test',
      fingerprint: 'f',
      size: 1,
      pixels: new Uint8Array(3),
      files: ['a'],
      captions: [['a']],
      stated: ['train'],
    },
    [],
  );
  const code = `onmessage = async ({ data }) => {
    if (globalThis.open) { open.close(); postMessage('closed'); return; }
    const handle = await (await (await data.getDirectoryHandle('datasets')).getDirectoryHandle('a-1')).getFileHandle('pixels.bin');
    globalThis.open = await handle.createSyncAccessHandle({ mode: 'read-only' });
    postMessage('open');
  }`;
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const answer = () =>
    new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data), { once: true }));
  worker.postMessage(root);
  expect(await answer()).toBe('open');
  await store.remove('a-1');
  expect(await store.list()).toEqual([]);
  await expect(store.load('a-1')).rejects.toMatchObject({ code: 'dataset-missing' });
  worker.postMessage(root);
  expect(await answer()).toBe('closed');
  await store.list();
  const left: string[] = [];
  for await (const name of (await root.getDirectoryHandle('datasets')).keys()) left.push(name);
  expect(left).toEqual([]);
  worker.terminate();
  URL.revokeObjectURL(url);
  await origin.removeEntry(root.name, { recursive: true });
});
