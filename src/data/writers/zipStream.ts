/** A zip made piece by piece; what is inside is stored, since pictures are compressed already. Up to 4 GB, as zips without the 64-bit extension are. */
import { Zip, ZipPassThrough } from 'fflate';
import type { WrittenFile } from './index.ts';

export async function zipOf(
  files: AsyncIterable<WrittenFile>,
  sink: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const waiting: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    waiting.push(bytes);
  });
  const pass = async () => {
    for (const bytes of waiting.splice(0)) await sink(bytes);
  };
  for await (const { path, bytes } of files) {
    const entry = new ZipPassThrough(path);
    zip.add(entry);
    entry.push(bytes, true);
    await pass();
  }
  zip.end();
  await pass();
}
