/**
 * Zip archives, read lazily: the central directory gives the list, a file is inflated only when a reader wants it.
 * Written here on fflate's inflate because archives of gigabytes must not be unpacked up front, and because what an
 * archive says of itself is not to be trusted: sizes, checksums, names and links are all checked against budgets.
 * Format: PKWARE APPNOTE 6.3.
 */

import { asStudioError, StudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import { type ByteSource, partOf } from './bytes.ts';
import { unpack } from './inflate.ts';
import { baseName, isPicture } from './paths.ts';
import type { SourceFile } from './tree.ts';
import { readDirectory, type ZipEntry } from './zip.directory.ts';

export const zipBudget = {
  /** Unpacked bytes of any archive, and times its own size that larger ones may have. */
  total: 4 * 2 ** 30,
  totalRatio: 20,
  entries: 2_000_000,
  /** Of a file that is read whole. */
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
  const limit = Math.max(zipBudget.total, source.size * zipBudget.totalRatio);
  let total = 0;
  for (const entry of entries) {
    if (entry.name.endsWith('/') || entry.name.endsWith('\\')) continue;
    const refused = refusal(source.name, entry);
    if (refused) {
      skipped.push(refused);
      continue;
    }
    total += entry.size;
    if (total > limit)
      throw new StudioError('archive-budget', {
        file: source.name,
        limit: `${Number((limit / 2 ** 30).toPrecision(3))} GiB`,
      });
    const file: SourceFile = { path: entry.name, size: entry.size, read: () => readEntry(source, entry) };
    if (inPlace(entry)) {
      try {
        file.source = partOf(source, baseName(entry.name), await dataStart(source, entry), entry.size);
      } catch (error) {
        const { code, params } = asStudioError(error);
        skipped.push({ file: `${source.name} › ${entry.name}`, code, params });
        continue;
      }
    }
    files.push(file);
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
  if (entry.size > zipBudget.file && !inPlace(entry)) return over('256 MiB');
  if (entry.size > zipBudget.ratioFrom && entry.size > entry.packed * zipBudget.ratio)
    return over(`${zipBudget.ratio} times its packed size`);
  return undefined;
}

/** Large files that are stored as they are (films, shards) stay stretches of the archive; a checksum would mean to read them whole. */
const inPlace = ({ method, size, name }: ZipEntry): boolean =>
  method === 0 && size > 2 ** 20 && !isPicture(name);

const entryName = (source: ByteSource, entry: ZipEntry) => `${source.name} › ${entry.name}`;

/** Where an entry's data begins. @throws StudioError `archive-invalid` */
async function dataStart(source: ByteSource, entry: ZipEntry): Promise<number> {
  const invalid = (message: string) =>
    new StudioError('archive-invalid', { file: entryName(source, entry), message });
  const head = await source.slice(entry.offset, Math.min(source.size, entry.offset + 30));
  const start = entry.offset + headerLength(head, invalid);
  if (start + entry.packed > source.size) throw invalid('its data lies beyond the end of the archive');
  return start;
}

/** Local headers repeat the name; their extra field may differ a little from the directory's. */
function headerLength(bytes: Uint8Array, invalid: (message: string) => StudioError): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30 || view.getUint32(0, true) !== 0x04034b50) throw invalid('its header is damaged');
  return 30 + view.getUint16(26, true) + view.getUint16(28, true);
}

async function readEntry(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const invalid = (message: string) =>
    new StudioError('archive-invalid', { file: entryName(source, entry), message });
  if (entry.offset + 30 + entry.packed > source.size)
    throw invalid('its data lies beyond the end of the archive');
  const guess = 30 + entry.nameBytes + entry.extraBytes + 64 + entry.packed;
  let bytes = await source.slice(entry.offset, Math.min(source.size, entry.offset + guess));
  const start = headerLength(bytes, invalid);
  if (start + entry.packed > bytes.length)
    bytes = await source.slice(entry.offset, entry.offset + start + entry.packed);
  if (start + entry.packed > bytes.length) throw invalid('its data is cut off');
  return unpack(bytes.subarray(start, start + entry.packed), entry, invalid);
}
