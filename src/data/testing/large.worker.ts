/** `checkLargeStore` where a browser reads files at once: in a worker. */
import { createBrowserStore } from '../store.browser.ts';
import { checkLargeStore } from './large.ts';

async function run(): Promise<string[]> {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(`large-${crypto.randomUUID()}`, { create: true });
  const store = createBrowserStore(async () => root, 16);
  const wrong = await checkLargeStore(store);
  const top = await root.getDirectoryHandle('datasets');
  for await (const name of top.keys()) wrong.push(`left behind: ${name}`);
  await origin.removeEntry(root.name, { recursive: true });
  return wrong;
}

run().then(
  (wrong) => postMessage(wrong),
  (error: unknown) => postMessage([String(error)]),
);
