/**
 * Runs as they are kept, in OPFS, a folder or memory: `run.json`, metrics in chunks (appended, never rewritten), one safetensors file a
 * checkpoint, and the tokenizer that the weights belong to. `run.json` is written last, so a run cut short is still whole.
 */
import { asStudioError, StudioError } from '../core/errors.ts';
import type { StoreFiles } from '../data/store.read.ts';
import { joinColumns } from './metricLog.ts';
import type { MetricColumns, RunSummary } from './run.ts';

interface Stored {
  format: 'amalgam-run/1';
  summary: RunSummary;
  /** Metric chunks in order, with the last step that counts in each. */
  chunks: { file: string; lastStep: number }[];
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));
const checkpointFile = (step: number) => `checkpoint-${String(step).padStart(8, '0')}.safetensors`;

export class RunStore {
  private readonly files: StoreFiles;
  /** Writes of one run follow each other. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(files: StoreFiles) {
    this.files = files;
  }

  private inOrder<T>(work: () => Promise<T>): Promise<T> {
    const next = this.queue.then(work, work);
    this.queue = next.catch(() => undefined);
    return next;
  }

  private async stored(id: string): Promise<Stored> {
    const bytes = await this.files.read(id, 'run.json');
    if (!bytes) throw new StudioError('run-missing', { run: id });
    return decode(bytes) as Stored;
  }

  private async write(id: string, file: string, bytes: Uint8Array, what: string): Promise<void> {
    try {
      await this.files.write(id, file, bytes);
    } catch (error) {
      const full =
        error instanceof Error &&
        (error.name === 'QuotaExceededError' || ('code' in error && error.code === 'ENOSPC'));
      if (full)
        throw new StudioError(
          'quota-exceeded',
          { what, needed: `${Math.ceil(bytes.length / 2 ** 20)} MiB` },
          { cause: error },
        );
      throw asStudioError(error);
    }
  }

  /** Newest first; folders that hold no readable run are left out. */
  async list(): Promise<RunSummary[]> {
    const found = await Promise.all(
      (await this.files.folders()).map((id) =>
        this.stored(id).then(
          ({ summary }) => [summary],
          () => [] as RunSummary[],
        ),
      ),
    );
    return found.flat().sort((a, b) => b.createdAt - a.createdAt);
  }

  async get(id: string): Promise<RunSummary> {
    return (await this.stored(id)).summary;
  }

  create(summary: RunSummary, tokenizer: unknown): Promise<void> {
    return this.inOrder(async () => {
      await this.write(summary.id, 'tokenizer.json', encode(tokenizer), summary.name);
      await this.write(
        summary.id,
        'run.json',
        encode({ format: 'amalgam-run/1', summary, chunks: [] } satisfies Stored),
        summary.name,
      );
    });
  }

  async tokenizer(id: string): Promise<unknown> {
    const bytes = await this.files.read(id, 'tokenizer.json');
    if (!bytes) throw new StudioError('run-missing', { run: id });
    return decode(bytes);
  }

  /** @throws StudioError `run-missing` */
  update(id: string, change: Partial<RunSummary>): Promise<void> {
    return this.inOrder(async () => {
      const stored = await this.stored(id);
      const summary = { ...stored.summary, ...change, updatedAt: Date.now() };
      await this.write(id, 'run.json', encode({ ...stored, summary } satisfies Stored), summary.name);
    });
  }

  /** Keeps weights and the metrics since the last call in one go. */
  saveCheckpoint(
    id: string,
    step: number,
    bytes: Uint8Array,
    metrics: MetricColumns,
    change: Partial<RunSummary>,
  ): Promise<void> {
    return this.inOrder(async () => {
      const stored = await this.stored(id);
      const { name } = stored.summary;
      await this.write(id, checkpointFile(step), bytes, name);
      const chunks = [...stored.chunks];
      if (metrics['step']?.length) {
        const file = `metrics-${String(chunks.length).padStart(6, '0')}-${step}.json`;
        const columns = Object.fromEntries(
          Object.entries(metrics).map(([key, values]) => [
            key,
            [...values].map((value) => (Number.isFinite(value) ? value : null)),
          ]),
        );
        await this.write(id, file, encode(columns), name);
        chunks.push({ file, lastStep: step });
      }
      const checkpoints = [
        ...stored.summary.checkpoints.filter((checkpoint) => checkpoint.step !== step),
        { step, createdAt: Date.now(), bytes: bytes.length },
      ];
      checkpoints.sort((a, b) => a.step - b.step);
      const summary = { ...stored.summary, ...change, checkpoints, updatedAt: Date.now() };
      await this.write(id, 'run.json', encode({ ...stored, summary, chunks } satisfies Stored), name);
    });
  }

  /** @throws StudioError `checkpoint-invalid` when it is not there */
  async checkpoint(id: string, step: number): Promise<Uint8Array> {
    const bytes = await this.files.read(id, checkpointFile(step));
    if (!bytes)
      throw new StudioError('checkpoint-invalid', { message: `Step ${step} of “${id}” is not kept.` });
    return bytes;
  }

  async metrics(id: string): Promise<MetricColumns> {
    const { chunks } = await this.stored(id);
    const columns = await Promise.all(
      chunks.map(async ({ file, lastStep }) => {
        const bytes = await this.files.read(id, file);
        const parsed = (bytes ? decode(bytes) : {}) as Record<string, (number | null)[]>;
        const chunk = Object.fromEntries(
          Object.entries(parsed).map(([name, values]) => [
            name,
            Float64Array.from(values, (value) => value ?? Number.NaN),
          ]),
        );
        return joinColumns([chunk], lastStep);
      }),
    );
    return joinColumns(columns);
  }

  /**
   * A new run that begins as one of this or another store is at a checkpoint: its metrics up to there, its tokenizer, the checkpoint itself or, where given,
   * other bytes for it. The other run stays as it is.
   * @throws StudioError `run-missing`, `checkpoint-invalid`
   */
  async branch(
    summary: RunSummary,
    from: { runs: RunStore; run: string; step: number; bytes?: Uint8Array },
  ): Promise<void> {
    const { runs, run, step } = from;
    const bytes = from.bytes ?? (await runs.checkpoint(run, step));
    const metrics = joinColumns([await runs.metrics(run)], step);
    await this.create(summary, await runs.tokenizer(run));
    await this.saveCheckpoint(summary.id, step, bytes, metrics, { step, last: lastOf(metrics) });
  }

  /** Forgets metrics and checkpoints after `step`: the run goes on from there. */
  rewind(id: string, step: number): Promise<void> {
    return this.inOrder(async () => {
      const stored = await this.stored(id);
      const chunks: Stored['chunks'] = [];
      let first = 0;
      for (const chunk of stored.chunks) {
        if (first < step) chunks.push({ ...chunk, lastStep: Math.min(chunk.lastStep, step) });
        first = chunk.lastStep;
      }
      const checkpoints = stored.summary.checkpoints.filter((checkpoint) => checkpoint.step <= step);
      for (const checkpoint of stored.summary.checkpoints)
        if (checkpoint.step > step) await this.files.removeFile(id, checkpointFile(checkpoint.step));
      const summary = { ...stored.summary, checkpoints, step };
      await this.write(id, 'run.json', encode({ ...stored, summary, chunks } satisfies Stored), summary.name);
    });
  }

  remove(id: string): Promise<void> {
    return this.inOrder(async () => {
      await this.files.removeFile(id, 'run.json');
      await this.files.removeFolder(id);
    });
  }
}

/** The newest measured value of each metric. */
export function lastOf(metrics: MetricColumns): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).flatMap(([name, values]) => {
      const value = values.findLast((one) => !Number.isNaN(one));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
