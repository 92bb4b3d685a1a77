/**
 * Type and dimensions of a picture from its first bytes, before anything is decoded: a few kilobytes can claim
 * gigabytes of pixels, file endings lie, and a cut-off file should be refused by every decoder alike (browsers would
 * show the upper half).
 */
import { StudioError } from '../../core/errors.ts';

type PictureType = 'png' | 'jpeg' | 'webp' | 'gif' | 'bmp' | 'avif';

interface PictureHeader {
  type: PictureType;
  /** As stored, before EXIF turns it. */
  width: number;
  height: number;
}

export const pixelLimit = 100_000_000;

/**
 * @throws StudioError `image-decode` where it is no picture that we read or ends too early, `image-too-large`
 */
export function checkHeader(bytes: Uint8Array, file: string): PictureHeader {
  const fail = (message: string) => new StudioError('image-decode', { file, message });
  if (bytes.length === 0) throw fail('the file is empty');
  let header: PictureHeader | undefined;
  try {
    header = readHeader(bytes);
  } catch (cause) {
    throw new StudioError('image-decode', { file, message: 'its header is cut off' }, { cause });
  }
  if (!header) throw fail('it is not a PNG, JPEG, WebP, GIF, BMP or AVIF');
  const { width, height } = header;
  if (width < 1 || height < 1) throw fail(`its header says ${width} × ${height} pixels`);
  if (width * height > pixelLimit)
    throw new StudioError('image-too-large', {
      file,
      pixels: `${width} × ${height}`,
      limit: '100 megapixels',
    });
  if (isCutOff(bytes, header.type)) throw fail('it ends too early');
  return header;
}

/** What the first bytes say that a picture is; undefined for anything else. */
export function pictureTypeOf(bytes: Uint8Array): PictureType | undefined {
  try {
    return readHeader(bytes)?.type;
  } catch {
    return undefined;
  }
}

/** Pixels as stored, before EXIF turns it; undefined where the first bytes do not tell. */
export function pictureSizeOf(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    return readHeader(bytes);
  } catch {
    return undefined;
  }
}

/** Undefined where the first bytes are of no known type; RangeError where they end too early. */
function readHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = (text: string, at = 0) =>
    bytes.length >= at + text.length && [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  if (starts('\x89PNG\r\n\x1a\n'))
    return { type: 'png', width: view.getUint32(16), height: view.getUint32(20) };
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegHeader(view);
  if (starts('RIFF') && starts('WEBP', 8)) return webpHeader(view);
  if (starts('GIF87a') || starts('GIF89a'))
    return { type: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (starts('BM')) {
    const old = view.getUint32(14, true) === 12;
    const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
    const height = old ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
    return { type: 'bmp', width, height };
  }
  if (starts('ftyp', 4) && (starts('avif', 8) || starts('avis', 8))) return avifHeader(bytes, view);
  return undefined;
}

/** Walks the segments to the frame header (SOF0 … SOF15 without DHT, JPG and DAC) or to the first scan. */
function findSegment(view: DataView, wanted: 'frame' | 'scan'): number | undefined {
  let at = 2;
  for (;;) {
    while (view.getUint8(at) !== 0xff) at++;
    while (view.getUint8(at) === 0xff) at++;
    const marker = view.getUint8(at++);
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (wanted === 'frame' ? frame : marker === 0xda) return at;
    if (marker === 0xd9 || marker === 0xda) return undefined;
    if (marker !== 1 && !(marker >= 0xd0 && marker <= 0xd7)) at += view.getUint16(at);
  }
}

function jpegHeader(view: DataView): PictureHeader | undefined {
  const at = findSegment(view, 'frame');
  if (at === undefined) return undefined;
  return { type: 'jpeg', height: view.getUint16(at + 3), width: view.getUint16(at + 5) };
}

/** Extended (VP8X), lossless (VP8L) or plain lossy (VP8 ). */
function webpHeader(view: DataView): PictureHeader | undefined {
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (view.getUint32(12)) {
    case 0x56503858:
      return { type: 'webp', width: uint24(24) + 1, height: uint24(27) + 1 };
    case 0x5650384c: {
      const bits = view.getUint32(21, true);
      return { type: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503820:
      return {
        type: 'webp',
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    default:
      return undefined;
  }
}

/** The largest `ispe` property; an AVIF may hold a thumbnail or an alpha plane of its own. */
function avifHeader(bytes: Uint8Array, view: DataView): PictureHeader | undefined {
  let largest: PictureHeader | undefined;
  for (let at = 4; at + 16 <= Math.min(bytes.length, 16384); at++) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (!largest || width * height > largest.width * largest.height)
      largest = { type: 'avif', width, height };
  }
  return largest;
}

/** Whether the mark that ends the picture is missing (PNG and JPEG, which decoders otherwise fill with gray). */
function isCutOff(bytes: Uint8Array, type: PictureType): boolean {
  if (type === 'png') return !includes(bytes, [0x49, 0x45, 0x4e, 0x44], 8);
  if (type !== 'jpeg') return false;
  // Counted from the scan: a thumbnail before it has an end mark of its own. Phones append films after the end.
  try {
    const scan = findSegment(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 'scan');
    return scan === undefined || !includes(bytes, [0xff, 0xd9], scan);
  } catch {
    return true;
  }
}

function includes(bytes: Uint8Array, wanted: readonly number[], from: number): boolean {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1))
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  return false;
}
