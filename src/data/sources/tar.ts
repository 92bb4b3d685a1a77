/**
 * Tar archives (ustar, GNU long names, pax), the shards of WebDataset. A plain tar is listed without reading its
 * files; a compressed one has no places to jump to and is unpacked into memory, within a budget.
 */
import { Gunzip } from 'fflate';
import { StudioError } from '../../core/errors.ts';
import type { Skipped } from '../../core/progress.ts';
import type { ByteSource } from './bytes.ts';
import type { SourceFile } from './tree.ts';

const block = 512;
const unpackedLimit = 2 ** 30;
/** Bytes read at a time while listing. */
const windowSize = 2 ** 20;

/** @throws StudioError `archive-invalid`, `archive-budget` */
export async function openTar(source: ByteSource): Promise<{ files: SourceFile[]; skipped: Skipped[] }> {
  const head = await source.slice(0, 2);
  const plain = head[0] === 0x1f && head[1] === 0x8b ? await gunzip(source) : source;
  return list(plain);
}

async function list(source: ByteSource): Promise<{ files: SourceFile[]; skipped: Skipped[] }> {
  const invalid = (message: string) => new StudioError('archive-invalid', { file: source.name, message });
  const read = windowed(source);
  const files: SourceFile[] = [];
  const skipped: Skipped[] = [];
  let longName: string | undefined;
  let longSize: number | undefined;
  for (let at = 0; at + block <= source.size; ) {
    const header = await read(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    if (!checksumFits(header))
      throw invalid(`the header at byte ${at} is damaged; it is not a tar, or it is cut off`);
    const kind = String.fromCharCode(header[156]);
    const size = longSize ?? number(header.subarray(124, 136));
    const start = at + block;
    if (!Number.isSafeInteger(size) || start + size > source.size) throw invalid('it ends inside a file');
    at = start + Math.ceil(size / block) * block;
    if (kind === 'L') longName = text(await source.slice(start, start + size));
    else if (kind === 'x') {
      const fields = paxFields(await source.slice(start, start + size));
      longName = fields.get('path') ?? longName;
      const stated = Number(fields.get('size') ?? Number.NaN);
      if (Number.isFinite(stated)) longSize = stated;
    } else if (kind !== 'g' && kind !== 'K') {
      const path = longName ?? shortName(header);
      [longName, longSize] = [undefined, undefined];
      if (kind === '0' || kind === '\0' || kind === '7')
        files.push({ path, size, read: () => source.slice(start, start + size) });
      else if (kind !== '5') {
        const file = `${source.name} › ${path}`;
        const message = 'it is a link or a device, not a file';
        skipped.push({ file, code: 'file-unreadable', params: { file, message } });
      }
    }
  }
  if (files.length === 0 && skipped.length === 0 && source.size > 0 && source.size % block !== 0)
    throw invalid('it is not a tar');
  return { files, skipped };
}

/** Small reads served from one larger one. */
function windowed(source: ByteSource): (start: number, end: number) => Promise<Uint8Array> {
  let from = 0;
  let bytes = new Uint8Array();
  return async (start, end) => {
    if (start < from || end > from + bytes.length) {
      from = start;
      bytes = new Uint8Array(await source.slice(start, Math.min(source.size, start + windowSize)));
    }
    return bytes.subarray(start - from, end - from);
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

async function gunzip(source: ByteSource): Promise<ByteSource> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const stream = new Gunzip((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  const step = 64 * 1024;
  try {
    for (let at = 0; at < source.size && size <= unpackedLimit; at += step)
      stream.push(await source.slice(at, Math.min(source.size, at + step)), at + step >= source.size);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('archive-invalid', { file: source.name, message }, { cause });
  }
  if (size > unpackedLimit) throw new StudioError('archive-budget', { file: source.name, limit: '1 GiB' });
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { name: source.name, size, slice: async (start, end) => bytes.slice(start, end) };
}
