/** Small trees and pictures for tests, made in memory. */
import { createTree, type FileTree } from '../sources/tree.ts';

/** A tree of files with the given texts or bytes. */
export function treeOf(files: Record<string, string | Uint8Array>): FileTree {
  const listed = Object.entries(files).map(([path, content]) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { path, size: bytes.length, read: async () => bytes };
  });
  return createTree('test', listed, []);
}

/** A BMP of one colour: the simplest picture to write by hand. */
export function bmp(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Uint8Array {
  const stride = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) bytes.set([blue, green, red], 54 + y * stride + x * 3);
  return bytes;
}
