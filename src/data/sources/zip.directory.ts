/**
 * The central directory of a zip: where each entry lies and what it claims. Zip64 included, since sets of photos
 * pass 4 GiB or 65,535 files. Names without the UTF-8 flag are UTF-8 where that is valid, else code page 437.
 */
import { StudioError } from '../../core/errors.ts';
import type { ByteSource } from './bytes.ts';

export interface ZipEntry {
  name: string;
  method: number;
  encrypted: boolean;
  /** A symbolic link by its Unix mode. */
  link: boolean;
  crc: number;
  packed: number;
  size: number;
  /** Of the local header. */
  offset: number;
  nameBytes: number;
  extraBytes: number;
}

const endSize = 22;
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export async function readDirectory(source: ByteSource): Promise<ZipEntry[]> {
  const invalid = (message: string) => new StudioError('archive-invalid', { file: source.name, message });
  const tailStart = Math.max(0, source.size - endSize - 0xffff - 20);
  const tail = await source.slice(tailStart, source.size);
  const view = viewOf(tail);
  const end = findEnd(view);
  if (end === undefined) throw invalid('no end record; it is not a zip, or it is cut off');
  let count = view.getUint16(end + 10, true);
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) {
    const locator = end - 20;
    if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
      const at = safeInteger(view.getBigUint64(locator + 8, true), invalid);
      const record = viewOf(await source.slice(at, Math.min(source.size, at + 56)));
      if (record.byteLength < 56 || record.getUint32(0, true) !== 0x06064b50)
        throw invalid('its zip64 end record is damaged');
      count = safeInteger(record.getBigUint64(32, true), invalid);
      size = safeInteger(record.getBigUint64(40, true), invalid);
      offset = safeInteger(record.getBigUint64(48, true), invalid);
    }
  }
  if (offset + size > source.size) throw invalid('its directory lies beyond its end');
  return parseEntries(await source.slice(offset, offset + size), count, invalid);
}

/** The last end record whose comment reaches exactly to the end of the archive. */
function findEnd(view: DataView): number | undefined {
  for (let at = view.byteLength - endSize; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + endSize + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

function parseEntries(
  bytes: Uint8Array,
  count: number,
  invalid: (message: string) => StudioError,
): ZipEntry[] {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw invalid(`entry ${i + 1} of its directory is damaged`);
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const next = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (next > bytes.length) throw invalid(`entry ${i + 1} of its directory is cut off`);
    const flags = view.getUint16(at + 8, true);
    const entry: ZipEntry = {
      name: decodeName(bytes.subarray(at + 46, at + 46 + nameBytes), (flags & 0x800) !== 0),
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0,
      link: view.getUint8(at + 5) === 3 && ((view.getUint32(at + 38, true) >>> 16) & 0xf000) === 0xa000,
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
      nameBytes,
      extraBytes,
    };
    readExtra(view, at + 46 + nameBytes, extraBytes, entry, invalid);
    if (entry.method === 0 && !entry.encrypted && entry.packed !== entry.size)
      throw invalid(`${entry.name} is stored, yet its two sizes differ`);
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** Large sizes and offsets stand in the zip64 extra field, each only where the plain one is all ones. */
function readExtra(
  view: DataView,
  start: number,
  length: number,
  entry: ZipEntry,
  invalid: (message: string) => StudioError,
): void {
  let zip64 = false;
  for (let at = start; at + 4 <= start + length; ) {
    const id = view.getUint16(at, true);
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > start + length) throw invalid(`the extra field of ${entry.name} is damaged`);
    if (id === 1) {
      zip64 = true;
      let place = at + 4;
      const next = () => {
        if (place + 8 > end) throw invalid(`the zip64 field of ${entry.name} is too short`);
        place += 8;
        return safeInteger(view.getBigUint64(place - 8, true), invalid);
      };
      if (entry.size === 0xffffffff) entry.size = next();
      if (entry.packed === 0xffffffff) entry.packed = next();
      if (entry.offset === 0xffffffff) entry.offset = next();
    }
    at = end;
  }
  if (!zip64 && entry.offset === 0xffffffff) throw invalid(`${entry.name} has no place in the archive`);
}

function safeInteger(value: bigint, invalid: (message: string) => StudioError): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalid('it states an impossible size');
  return Number(value);
}

const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

function decodeName(bytes: Uint8Array, utf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !utf8 }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : codePage437[byte - 128],
    ).join('');
  }
}
