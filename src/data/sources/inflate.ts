/**
 * Unpacks one zip entry without believing its header: output grows only as data arrives, stops at the stated size,
 * and must match the stated checksum. Packed bytes are fed in small pieces because deflate grows at most 1,032-fold.
 */
import { Inflate } from 'fflate';
import type { StudioError } from '../../core/errors.ts';
import { crc32 } from './crc32.ts';

const piece = 16 * 1024;

export function unpack(
  packed: Uint8Array,
  entry: { method: number; size: number; crc: number },
  invalid: (message: string) => StudioError,
): Uint8Array {
  const bytes = entry.method === 0 ? packed.slice() : inflate(packed, entry.size, invalid);
  if (bytes.length !== entry.size)
    throw invalid(`it holds ${bytes.length} bytes where the directory says ${entry.size}`);
  if (crc32(bytes) !== entry.crc) throw invalid('its checksum is wrong');
  return bytes;
}

function inflate(packed: Uint8Array, size: number, invalid: (message: string) => StudioError): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const stream = new Inflate((chunk, final) => {
    chunks.push(chunk);
    total += chunk.length;
    ended = final;
  });
  try {
    for (let at = 0; at < packed.length && !ended && total <= size; at += piece)
      stream.push(packed.subarray(at, at + piece), at + piece >= packed.length);
  } catch (error) {
    throw invalid(`its data is damaged (${error instanceof Error ? error.message : String(error)})`);
  }
  if (total > size) throw invalid(`it unpacks to more than the ${size} bytes that the directory says`);
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
