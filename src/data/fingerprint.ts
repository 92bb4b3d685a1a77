/**
 * What a data set is, in 64 hex digits: pixels, captions and stated splits, whatever it is called and wherever it
 * lies. Runs carry it, so that weights and data can be matched later.
 */
import type { ImageTextDataset } from './dataset.ts';

export type FingerprintParts = Pick<ImageTextDataset, 'size' | 'pixels' | 'captions' | 'stated'>;

/** SHA-256, hex. */
export async function fingerprintOf({ size, pixels, captions, stated }: FingerprintParts): Promise<string> {
  const text = JSON.stringify({
    format: 'amalgam-dataset/1',
    size,
    pixels: await sha256(pixels),
    captions,
    stated: stated.map((split) => split ?? null),
  });
  return sha256(new TextEncoder().encode(text));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  // subtle takes no shared memory; a view of a plain buffer is passed as it is, without a copy.
  const plain =
    bytes.buffer instanceof ArrayBuffer
      ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      : new Uint8Array(bytes);
  const digest = await crypto.subtle.digest('SHA-256', plain);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
