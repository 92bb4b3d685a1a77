/** The parts of a data set in one piece each: memory is asked for once, and where there is not enough the error says for what. */
import { StudioError } from '../core/errors.ts';
import type { Dataset } from './dataset.ts';
import type { ReadResult, Sample } from './readers/reader.ts';

/** @throws StudioError `out-of-memory` */
export function allocate(bytes: number, tensor: string): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const mebibytes = (value: number) => `${Math.round(value / 2 ** 20)} MiB`;
    throw new StudioError('out-of-memory', { tensor, needed: mebibytes(bytes), limit: 'less' }, { cause });
  }
}

/** Rows and targets of the samples, one after another. */
export function packNumbers(
  samples: readonly Sample[],
  { columns, steps = 1, target }: ReadResult,
): Pick<Dataset, 'table' | 'target'> {
  return {
    ...(columns &&
      columns.length > 0 && { table: { columns, steps, values: rowsOf(samples, steps * columns.length) } }),
    ...(target && {
      target: { ...target, values: Float32Array.from(samples.flatMap(({ targets }) => targets ?? [])) },
    }),
  };
}

function rowsOf(samples: readonly Sample[], columns: number): Float32Array {
  const values = new Float32Array(allocate(4 * samples.length * columns, 'table').buffer).fill(Number.NaN);
  for (const [index, { row }] of samples.entries()) if (row) values.set(row, index * columns);
  return values;
}
