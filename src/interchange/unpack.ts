/**
 * The wanted files of a zip that is not trusted, by plain name: names, sizes and claims are checked before anything is allocated. Packing a folder again puts
 * a folder's name in front; that is fine once.
 */
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { StudioError } from '../core/errors.ts';

/** Files of a zip at most. */
const mostEntries = 1000;

/**
 * @param limit most bytes after unpacking of a wanted file; undefined for one that is not wanted
 * @param fail throws the error of the kind of file it is
 */
export function unpack(
  bytes: Uint8Array,
  limit: (name: string) => number | undefined,
  fail: (message: string) => never,
): Map<string, Uint8Array> {
  const found = new Map<string, number>();
  let entries = 0;
  const accept = ({ name: path, size, originalSize, compression }: UnzipFileInfo): boolean => {
    if (++entries > mostEntries) return fail(`more than ${mostEntries} files`);
    const parts = path.split('/');
    const plain = parts.at(-1) ?? '';
    const most = limit(plain);
    if (parts.length > 2 || parts[0] === '__MACOSX' || most === undefined) return false;
    if (found.has(plain)) return fail(`${plain} is there twice`);
    if (originalSize > most) return fail(`${plain} unpacks to more than ${most} bytes`);
    // Deflate cannot do better than about 1032 to 1: a greater claim is false, and would only cost memory.
    const possible = compression === 0 ? size : size * 1032 + 64;
    if (originalSize > possible) return fail(`${plain} claims ${originalSize} bytes, more than it can hold`);
    found.set(plain, originalSize);
    return true;
  };
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, { filter: accept });
  } catch (error) {
    if (error instanceof StudioError) throw error;
    return fail(`not a zip: ${error instanceof Error ? error.message : String(error)}`);
  }
  const files = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(unpacked)) {
    const plain = path.split('/').at(-1) ?? '';
    if (content.length !== found.get(plain)) return fail(`${plain} is cut off`);
    files.set(plain, content);
  }
  return files;
}
