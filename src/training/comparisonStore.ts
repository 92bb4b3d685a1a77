/** Comparisons that are kept: one file each, written after every trial. */
import type { StoreFiles } from '../data/store.ts';
import type { ComparisonPlan, ComparisonRow, TrialResult } from './compare.ts';

export interface Comparison {
  /** Of the plan and the data, so that equal ones go on where they were. */
  id: string;
  plan: ComparisonPlan;
  dataset: string;
  datasetName: string;
  fingerprint: string;
  createdAt: number;
  trials: number;
  results: TrialResult[];
  rows: ComparisonRow[];
}

const file = 'comparison.json';

export class ComparisonStore {
  private readonly files: StoreFiles;

  constructor(files: StoreFiles) {
    this.files = files;
  }

  /** Newest first; damaged ones are left out. */
  async list(): Promise<Comparison[]> {
    const found = await Promise.all((await this.files.folders()).map((id) => this.get(id)));
    return found.flatMap((one) => one ?? []).sort((a, b) => b.createdAt - a.createdAt);
  }

  async get(id: string): Promise<Comparison | undefined> {
    const bytes = await this.files.read(id, file);
    if (!bytes) return undefined;
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as Comparison;
    } catch {
      return undefined;
    }
  }

  save(comparison: Comparison): Promise<void> {
    return this.files.write(comparison.id, file, new TextEncoder().encode(JSON.stringify(comparison)));
  }

  remove(id: string): Promise<void> {
    return this.files.removeFolder(id);
  }
}
