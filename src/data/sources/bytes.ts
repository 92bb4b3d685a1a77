/** Bytes that can be read in parts: a file on disk, a dropped file, or something unpacked in memory. */
import { baseName } from './paths.ts';
import type { SourceFile } from './tree.ts';

export interface ByteSource {
  name: string;
  size: number;
  slice(start: number, end: number): Promise<Uint8Array>;
}

export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async slice(start, end) {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    },
  };
}

/** Bytes of a file that can only be read whole. @throws what its `read` throws */
export async function memorySource({ path, read }: SourceFile): Promise<ByteSource> {
  const bytes = await read();
  return {
    name: baseName(path),
    size: bytes.length,
    slice: async (start, end) => bytes.subarray(start, end),
  };
}
