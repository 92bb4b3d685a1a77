/** Bytes that can be read in parts: a file on disk, a dropped file, or something unpacked in memory. */
import { baseName } from './paths.ts';
import type { SourceFile } from './tree.ts';

export interface ByteSource {
  name: string;
  size: number;
  slice(start: number, end: number): Promise<Uint8Array>;
  /** The same bytes as what another worker can be handed without copying them. */
  blob?: Blob;
}

export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    blob,
    async slice(start, end) {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer());
    },
  };
}

/** Bytes of a file that can only be read whole. @throws what its `read` throws */
export async function memorySource({ path, read }: SourceFile): Promise<ByteSource> {
  return sourceOf(baseName(path), await read());
}

/** What a decoder in another worker is handed: the file itself where it can be read in parts there, or its bytes. @throws what `read` throws */
export const handOver = async ({ read, source }: SourceFile): Promise<Blob | Uint8Array> =>
  source?.blob ?? read();

/** The source of what was handed over. */
export const sourceOf = (name: string, data: Blob | Uint8Array): ByteSource =>
  data instanceof Blob
    ? blobSource(name, data)
    : { name, size: data.length, slice: async (start, end) => data.subarray(start, end) };
