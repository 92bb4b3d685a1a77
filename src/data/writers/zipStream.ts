/**
 * A zip made file by file (PKWARE APPNOTE 6.3); what is inside is stored, since pictures are compressed already. Places beyond 4 GiB and more than 65,535
 * files take the 64-bit extension, which is why it is written here: fflate has none. Equal files give equal bytes: all are dated 1980.
 */
import { StudioError } from '../../core/errors.ts';
import { crc32 } from '../sources/crc32.ts';
import { concat } from './concat.ts';
import type { WrittenFile } from './index.ts';

const most32 = 0xffffffff;
const most16 = 0xffff;
/** 1 January 1980. */
const date = 0x21;
/** Names are UTF-8. */
const flags = 0x800;
const utf8 = new TextEncoder();

/** @throws what `sink` throws, and `bad-argument` for a file of 4 GiB or more, which no writer makes */
export async function zipOf(
  files: AsyncIterable<WrittenFile>,
  sink: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const directory: Uint8Array[] = [];
  let at = 0;
  const write = async (bytes: Uint8Array) => {
    await sink(bytes);
    at += bytes.length;
  };
  for await (const { path, bytes } of files) {
    if (bytes.length >= most32)
      throw new StudioError('bad-argument', { argument: path, message: 'it is 4 GiB or larger' });
    const name = utf8.encode(path);
    // Version, flags, method, time, date, checksum, both sizes, length of the name.
    const facts = (version: number) =>
      numbers(
        [2, version],
        [2, flags],
        [2, 0],
        [2, 0],
        [2, date],
        [4, crc],
        [4, bytes.length],
        [4, bytes.length],
        [2, name.length],
      );
    const crc = crc32(bytes);
    const far = at >= most32;
    const extra = far ? numbers([2, 1], [2, 8], [8, at]) : new Uint8Array(0);
    directory.push(
      numbers([4, 0x02014b50], [2, far ? 45 : 20]),
      facts(far ? 45 : 20),
      // Length of the extra field and the comment, disk, attributes within and without, place.
      numbers([2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, far ? most32 : at]),
      name,
      extra,
    );
    await write(concat([numbers([4, 0x04034b50]), facts(20), numbers([2, 0]), name]));
    await write(bytes);
  }
  const count = directory.length / 5;
  const start = at;
  await write(concat(directory));
  const size = at - start;
  if (count >= most16 || start >= most32 || size >= most32) {
    const end = at;
    await write(
      numbers(
        [4, 0x06064b50],
        [8, 44],
        [2, 45],
        [2, 45],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
        [8, size],
        [8, start],
      ),
    );
    await write(numbers([4, 0x07064b50], [4, 0], [8, end], [4, 1]));
  }
  const short = (value: number) => Math.min(value, most16);
  const long = (value: number) => Math.min(value, most32);
  await write(
    numbers(
      [4, 0x06054b50],
      [2, 0],
      [2, 0],
      [2, short(count)],
      [2, short(count)],
      [4, long(size)],
      [4, long(start)],
      [2, 0],
    ),
  );
}

/** Whole numbers of so many bytes each, the least byte first. */
function numbers(...list: [bytes: 2 | 4 | 8, value: number][]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(list.reduce((sum, [bytes]) => sum + bytes, 0));
  const view = new DataView(result.buffer);
  let at = 0;
  for (const [bytes, value] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return result;
}
