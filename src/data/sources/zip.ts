/**
 * Zip archives, read lazily: the central directory gives the list, a file is inflated only when a reader wants it.
 * Written here on fflate's inflate because archives of gigabytes must not be unpacked up front, and because what an
 * archive says of itself is not to be trusted: sizes, checksums, names and links are all checked against budgets.
 * Format: PKWARE APPNOTE 6.3.
 */

import { StudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import type { ByteSource } from './bytes.ts';
import { unpack } from './inflate.ts';
import type { SourceFile } from './tree.ts';
import { readDirectory, type ZipEntry } from './zip.directory.ts';

/** Bytes at a place, so that an archive can be a `Blob` or a file on disk. */
const zipBudget = {
  total: 4 * 2 ** 30,
  file: 256 * 2 ** 20,
  /** Unpacked over packed size, for files beyond `ratioFrom`. */
  ratio: 500,
  ratioFrom: 2 ** 20,
};

/**
 * Lists an archive.
 * @throws StudioError `archive-invalid` where it is not a zip, `archive-budget` where it is too large as a whole
 */
export async function openZip(source: ByteSource): Promise<{ files: SourceFile[]; skipped: Skipped[] }> {
  const entries = await readDirectory(source);
  const files: SourceFile[] = [];
  const skipped: Skipped[] = [];
  let total = 0;
  for (const entry of entries) {
    if (entry.name.endsWith('/') || entry.name.endsWith('\\')) continue;
    const refused = refusal(source.name, entry);
    if (refused) {
      skipped.push(refused);
      continue;
    }
    total += entry.size;
    if (total > zipBudget.total)
      throw new StudioError('archive-budget', { file: source.name, limit: '4 GiB' });
    files.push({ path: entry.name, size: entry.size, read: () => readEntry(source, entry) });
  }
  return { files, skipped };
}

/** Why an entry is not even listed. */
function refusal(archive: string, entry: ZipEntry): Skipped | undefined {
  const file = `${archive} › ${entry.name}`;
  const unreadable = (message: string): Skipped => ({
    file,
    code: 'file-unreadable',
    params: { file, message },
  });
  const over = (limit: string): Skipped => ({ file, code: 'archive-budget', params: { file, limit } });
  if (entry.encrypted) return unreadable('it is protected by a password');
  if (entry.link) return unreadable('it is a link, not a file');
  if (entry.method !== 0 && entry.method !== 8)
    return unreadable(`packed with method ${entry.method}; stored and deflated files can be read`);
  if (entry.size > zipBudget.file) return over('256 MiB');
  if (entry.size > zipBudget.ratioFrom && entry.size > entry.packed * zipBudget.ratio)
    return over(`${zipBudget.ratio} times its packed size`);
  return undefined;
}

async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const file = `${source.name} › ${entry.name}`;
  const invalid = (message: string) => new StudioError('archive-invalid', { file, message });
  if (entry.offset + 30 + entry.packed > source.size)
    throw invalid('its data lies beyond the end of the archive');
  // Local headers repeat the name; their extra field may differ a little from the directory's.
  const guess = 30 + entry.nameBytes + entry.extraBytes + 64 + entry.packed;
  let bytes = await source.slice(entry.offset, Math.min(source.size, entry.offset + guess));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30 || view.getUint32(0, true) !== 0x04034b50) throw invalid('its header is damaged');
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.packed > bytes.length)
    bytes = await source.slice(entry.offset, entry.offset + start + entry.packed);
  if (start + entry.packed > bytes.length) throw invalid('its data is cut off');
  const packed = bytes.subarray(start, start + entry.packed);
  return unpack(packed, entry, invalid);
}

/** A `Blob` or browser `File` as bytes at a place. */
