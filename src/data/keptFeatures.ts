/**
 * Features of frozen encoders as they are kept, a folder each by what they were made of (training/features.ts). They can be made again, so nothing here ever
 * fails a run: what cannot be read is not there, what cannot be written is not kept, and the longest unused give way to new ones.
 */
import * as v from 'valibot';
import { sha256 } from '../core/sha256.ts';
import type { StoreFiles } from './store.read.ts';

const metaSchema = v.object({
  format: v.literal('amalgam-features/1'),
  modality: v.string(),
  bytes: v.number(),
  usedAt: v.number(),
  /** By name: SHA-256 of the numbers. */
  parts: v.record(v.string(), v.string()),
});
type Meta = v.InferOutput<typeof metaSchema>;

export interface KeptFeatures {
  /** How many there are, and their bytes. */
  size(): Promise<{ count: number; bytes: number }>;
  /** The parts by name; undefined where they are not kept, or damaged. */
  load(id: string): Promise<Map<string, Float32Array> | undefined>;
  /** Whether they are kept now. */
  save(id: string, modality: string, parts: ReadonlyMap<string, Float32Array>): Promise<boolean>;
  /** Lets go of all. */
  free(): Promise<void>;
}

/** Bytes of all that is kept, at most. */
const mostBytes = 2 ** 30;

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** By the platform where it can: features are large. */
async function digestOf(bytes: Uint8Array): Promise<string> {
  if (!crypto.subtle) return sha256().update(bytes).hex();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param most bytes of all, at most. @param now milliseconds, for tests */
export function keepFeatures(files: StoreFiles, most = mostBytes, now = Date.now): KeptFeatures {
  const read = async (folder: string): Promise<(Meta & { id: string }) | undefined> => {
    const bytes = await files.read(folder, 'meta.json').catch(() => undefined);
    if (!bytes) return undefined;
    try {
      const parsed = v.safeParse(metaSchema, JSON.parse(new TextDecoder().decode(bytes)));
      return parsed.success ? { id: folder, ...parsed.output } : undefined;
    } catch {
      return undefined;
    }
  };
  const write = (id: string, meta: Meta) =>
    files.write(id, 'meta.json', new TextEncoder().encode(JSON.stringify(meta)));
  const remove = async (id: string) => {
    await files.removeFile(id, 'meta.json');
    await files.removeFolder(id);
  };
  /** The longest unused first; what was cut short is let go. */
  const list = async () => {
    const folders = await files.folders();
    const metas = await Promise.all(folders.map(read));
    for (const [index, folder] of folders.entries()) if (!metas[index]) await files.removeFolder(folder);
    return metas.flatMap((meta) => meta ?? []).sort((a, b) => a.usedAt - b.usedAt);
  };
  return {
    async size() {
      const kept = (await Promise.all((await files.folders()).map(read))).flatMap((meta) => meta ?? []);
      return { count: kept.length, bytes: kept.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    async load(id) {
      try {
        const found = await read(id);
        if (!found) return undefined;
        const { id: _, ...meta } = found;
        const parts = new Map<string, Float32Array>();
        for (const [name, digest] of Object.entries(meta.parts)) {
          const bytes = await files.read(id, `${name}.bin`);
          if (!bytes || (await digestOf(bytes)) !== digest) return undefined;
          parts.set(name, new Float32Array(new Uint8Array(bytes).buffer));
        }
        await write(id, { ...meta, usedAt: now() }).catch(() => undefined);
        return parts;
      } catch {
        return undefined;
      }
    },
    async save(id, modality, parts) {
      const bytes = [...parts.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (bytes > most) return false;
      try {
        const digests: Record<string, string> = {};
        for (const [name, values] of parts) digests[name] = await digestOf(bytesOf(values));
        const others = (await list()).filter((one) => one.id !== id);
        let room = most - others.reduce((sum, one) => sum + one.bytes, 0);
        while (room < bytes) {
          const oldest = others.shift()!;
          await remove(oldest.id);
          room += oldest.bytes;
        }
        // Where the disk is full before that, older ones give way too.
        for (;;)
          try {
            for (const [name, values] of parts) await files.write(id, `${name}.bin`, bytesOf(values));
            await write(id, { format: 'amalgam-features/1', modality, bytes, usedAt: now(), parts: digests });
            return true;
          } catch (error) {
            const oldest = others.shift();
            if (!oldest) throw error;
            await remove(oldest.id);
          }
      } catch {
        await remove(id).catch(() => undefined);
        return false;
      }
    },
    async free() {
      for (const folder of await files.folders()) await remove(folder);
    },
  };
}
