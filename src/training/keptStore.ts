/** Comparisons and sweeps that are kept: one file each, written after every trial. */
import type { StoreFiles } from '../data/store.read.ts';

interface Kept {
  id: string;
  createdAt: number;
}

export class KeptStore<T extends Kept> {
  private readonly files: StoreFiles;
  private readonly file: string;

  /** @param file what each is called in its folder */
  constructor(files: StoreFiles, file: 'comparison.json' | 'sweep.json' | 'evaluation.json') {
    this.files = files;
    this.file = file;
  }

  /** Newest first; damaged ones are left out. */
  async list(): Promise<T[]> {
    const found = await Promise.all((await this.files.folders()).map((id) => this.get(id)));
    return found.flatMap((one) => one ?? []).sort((a, b) => b.createdAt - a.createdAt);
  }

  async get(id: string): Promise<T | undefined> {
    const bytes = await this.files.read(id, this.file);
    if (!bytes) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as T;
    } catch {
      return undefined;
    }
  }

  save(one: T): Promise<void> {
    return this.files.write(one.id, this.file, new TextEncoder().encode(JSON.stringify(one)));
  }

  remove(id: string): Promise<void> {
    return this.files.removeFolder(id);
  }
}

/** Of a plan and its data, so that equal ones go on where they were. */
export async function keptId(kind: string, plan: unknown, fingerprint: string): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([plan, fingerprint]));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `${kind}-${Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
