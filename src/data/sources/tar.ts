/**
 * Tar archives (ustar, GNU long names, pax), the shards of WebDataset. A plain tar is listed without reading its files, which stay stretches of it. A
 * compressed one has no places to jump to: it is unpacked as a stream, member after member, into a spill (bytes.ts), never as a whole in memory.
 */
import { StudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import { type ByteSource, blobSpill, type CreateSpill, partOf } from './bytes.ts';
import { gunzip } from './gunzip.ts';
import { baseName } from './paths.ts';
import type { SourceFile } from './tree.ts';

const block = 512;
/** Bytes read at a time while listing. */
const windowSize = 2 ** 20;
export const tarBudget = {
  /** Members, since an empty one takes next to nothing in a compressed archive and memory here. */
  entries: 2_000_000,
  /** Bytes of a long name or of other facts about a member. */
  facts: 2 ** 20,
};

/** @throws StudioError `archive-invalid`, `archive-budget` */
export async function openTar(
  source: ByteSource,
  createSpill: CreateSpill = blobSpill,
): Promise<{ files: SourceFile[]; skipped: Skipped[] }> {
  const head = await source.slice(0, 2);
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  return list(source, packed ? await streamed(source, createSpill) : plain(source));
}

/** The bytes of a tar from front to back. */
interface Tape {
  /** The next bytes; fewer where it ends. */
  read(size: number): Promise<Uint8Array>;
  /** Goes over the next bytes and says how they are read later; undefined where it ends before. */
  keep(name: string, size: number): Promise<ByteSource | undefined>;
}

async function list(source: ByteSource, tape: Tape): Promise<{ files: SourceFile[]; skipped: Skipped[] }> {
  const invalid = (message: string) => new StudioError('archive-invalid', { file: source.name, message });
  const files: SourceFile[] = [];
  const skipped: Skipped[] = [];
  let longName: string | undefined;
  let longSize: number | undefined;
  for (let at = 0; ; ) {
    const header = await tape.read(block);
    if (header.length === 0) break;
    if (header.length < block) {
      if (files.length === 0 && skipped.length === 0) throw invalid('it is not a tar');
      break;
    }
    if (header.every((byte) => byte === 0)) break;
    if (!checksumFits(header))
      throw invalid(`the header at byte ${at} is damaged; it is not a tar, or it is cut off`);
    const kind = String.fromCharCode(header[156]);
    const size = longSize ?? number(header.subarray(124, 136));
    if (!Number.isSafeInteger(size) || size < 0) throw invalid('it ends inside a file');
    const padding = (block - (size % block)) % block;
    const facts = async () => {
      if (size > tarBudget.facts) throw invalid(`the header at byte ${at} claims a name of ${size} bytes`);
      const bytes = await tape.read(size);
      if (bytes.length < size) throw invalid('it ends inside a file');
      return bytes;
    };
    if (kind === 'L') longName = text(await facts());
    else if (kind === 'x') {
      const fields = paxFields(await facts());
      longName = fields.get('path') ?? longName;
      const stated = Number(fields.get('size') ?? Number.NaN);
      if (Number.isFinite(stated)) longSize = stated;
    } else if (kind === 'g' || kind === 'K') await facts();
    else {
      const path = longName ?? shortName(header);
      [longName, longSize] = [undefined, undefined];
      const part = await tape.keep(baseName(path), size);
      if (!part) throw invalid('it ends inside a file');
      if (kind === '0' || kind === '\0' || kind === '7')
        files.push({ path, size, read: () => part.slice(0, size), source: part });
      else if (kind !== '5') {
        const file = `${source.name} › ${path}`;
        const message = 'it is a link or a device, not a file';
        skipped.push({ file, code: 'file-unreadable', params: { file, message } });
      }
      if (files.length + skipped.length > tarBudget.entries)
        throw new StudioError('archive-budget', {
          file: source.name,
          limit: `${tarBudget.entries.toLocaleString('en')} files`,
        });
    }
    await tape.read(padding);
    at += block + size + padding;
  }
  return { files, skipped };
}

/** Small reads served from one larger one; what is kept is not read at all. */
function plain(source: ByteSource): Tape {
  let from = 0;
  let bytes = new Uint8Array();
  let at = 0;
  return {
    async read(size) {
      const end = Math.min(source.size, at + size);
      if (at < from || end > from + bytes.length) {
        from = at;
        const wanted = Math.max(end, at + Math.min(windowSize, source.size - at));
        bytes = new Uint8Array(await source.slice(at, wanted));
      }
      const found = bytes.subarray(at - from, end - from);
      at += found.length;
      return found;
    },
    async keep(name, size) {
      if (at + size > source.size) return undefined;
      const part = partOf(source, name, at, size);
      at += size;
      return part;
    },
  };
}

async function streamed(source: ByteSource, createSpill: CreateSpill): Promise<Tape> {
  const spill = await createSpill();
  const chunks = gunzip(source);
  let chunk = new Uint8Array();
  let kept = 0;
  /** Up to so many of the next bytes, as they come; none at the end. */
  const next = async (most: number): Promise<Uint8Array> => {
    while (chunk.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return new Uint8Array();
      chunk = new Uint8Array(value);
    }
    const part = chunk.subarray(0, most);
    chunk = chunk.subarray(part.length);
    return part;
  };
  return {
    async read(size) {
      const bytes = new Uint8Array(size);
      let at = 0;
      while (at < size) {
        const part = await next(size - at);
        if (part.length === 0) return bytes.slice(0, at);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
    async keep(name, size) {
      const from = kept;
      while (kept < from + size) {
        const part = await next(from + size - kept);
        if (part.length === 0) return undefined;
        await spill.append(part);
        kept += part.length;
      }
      return spill.source(name, from, size);
    },
  };
}

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
};

/** Octal, or base 256 where the first bit is set (GNU, for sizes beyond 8 GiB). */
function number(field: Uint8Array): number {
  if (field[0] & 0x80) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, field[0] & 0x7f);
  return Number.parseInt(text(field).trim() || '0', 8);
}

function shortName(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The sum of all bytes with the checksum itself read as blanks. */
function checksumFits(header: Uint8Array): boolean {
  let sum = 8 * 32;
  for (const [i, byte] of header.entries()) if (i < 148 || i >= 156) sum += byte;
  return sum === number(header.subarray(148, 156));
}

/** Records of `length key=value\n`, where the length counts bytes. */
function paxFields(bytes: Uint8Array): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const length = blank < 0 ? 0 : Number(text(bytes.subarray(at, blank)));
    if (!(length > 0)) break;
    const [key, ...value] = text(bytes.subarray(blank + 1, at + length - 1)).split('=');
    fields.set(key, value.join('='));
    at += length;
  }
  return fields;
}
