/** What a run measured, and the same as Markdown: one part per workload and place, so that parts of different days stand side by side. */
import { type Comparison, type EngineName, engineNames } from './compare.ts';
import type { KernelReport } from './kernels/index.ts';
import type { OperatorTime } from './kernels/operators.ts';
import type { KernelTime } from './kernels/timestamps.ts';
import type { Spread } from './measure/statistics.ts';
import type { Overhead } from './processor.ts';
import { batchOf } from './workloads.ts';

/** Where and when. */
export interface Circumstances {
  date: string;
  adapter: string;
  software: boolean;
  /** Node or Chromium with its version. */
  host: string;
  cores: number;
  /** Load of the machine over a minute, at the beginning and at the end. */
  load: [number, number];
}

export type Part = { circumstances: Circumstances } & (
  | {
      kind: 'workload';
      comparison: Comparison;
      /** Under Node: on the adapter that executes nothing. */
      overhead: Partial<Record<EngineName, Overhead>>;
      /** Under Node: milliseconds with nothing compiled; `late` where it was given up. */
      cold: Partial<Record<EngineName, number | 'late'>>;
      step: KernelTime[];
    }
  | { kind: 'kernels'; kernels: KernelReport }
);

export const titles: Record<EngineName, string> = {
  amalgam: 'Amalgam',
  jaxjs: 'jax-js 0.1.25',
  tfjs: 'TensorFlow.js 4.22',
};

/** Seconds after which a cold start is given up. */
export const coldLimit = 240;

/** Three significant digits. */
const three = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3);

const withSpread = ({ median, low, high }: Spread): string =>
  `${three(median)} (${three(low)}–${three(high)})`;

const table = (head: string[], rows: string[][]): string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

export const titleOf = (part: Part): string =>
  part.kind === 'kernels' ? 'kernels' : part.comparison.workload;

export function markdown(part: Part): string {
  const { date, adapter, software, host, cores, load } = part.circumstances;
  return [
    `### ${titleOf(part)} on ${adapter}${software ? ' (software)' : ''}, ${host.split(' ')[0]}`,
    '',
    `${date}, ${host}, ${cores} cores shared with others, load ${load[0].toFixed(1)} at the beginning and ${load[1].toFixed(1)} at the end.`,
    '',
    ...(part.kind === 'kernels' ? kernelLines(part.kernels) : workloadLines(part)),
  ].join('\n');
}

function workloadLines(part: Part & { kind: 'workload' }): string[] {
  const { comparison, overhead, cold, step } = part;
  const batch = batchOf(comparison.workload);
  const node = Object.keys(overhead).length > 0;
  const rows = engineNames.flatMap((name) => {
    const result = comparison.engines[name];
    if (!result) return [];
    const { counts, memory } = result.counted;
    const frozen = cold[name];
    return [
      [
        titles[name],
        withSpread(result.step),
        name === 'amalgam' ? '1' : `${three(result.ratio.median)} ×`,
        three((1000 * batch) / result.step.median),
        String(counts.dispatches),
        String(counts.submits),
        String(counts.bindGroups + counts.buffers + counts.otherObjects),
        three(memory.peak / 2 ** 20),
        ...(node ? [overhead[name] ? three(overhead[name].cpu.median) : '–'] : []),
        three(result.first / 1000),
        ...(node
          ? [frozen === 'late' ? `> ${coldLimit}` : frozen === undefined ? '–' : three(frozen / 1000)]
          : []),
      ],
    ];
  });
  const { each, ten } = comparison.reading;
  return [
    ...table(
      [
        'engine',
        'ms per step',
        'to ours',
        'samples/s',
        'dispatches',
        'submits',
        'objects',
        'MiB',
        ...(node ? ['processor, ms'] : []),
        'first step, s',
        ...(node ? ['cold, s'] : []),
      ],
      rows,
    ),
    ...Object.entries(comparison.failed).map(
      ([name, message]) => `\n${titles[name as EngineName]} could not: ${message}`,
    ),
    '',
    `${comparison.parameters.toLocaleString('en')} parameters. The losses of ten steps agree within ${comparison.mismatch.toExponential(1)}. Ours, ms per step: ${withSpread(each)} where every loss is read at once, ${withSpread(ten)} where ten are read together.`,
    ...(step.length > 0 ? ['', ...stepLines(step)] : []),
  ];
}

function stepLines(step: KernelTime[]): string[] {
  const all = step.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    `Our step on the device, ${three(all)} ms by timestamps:`,
    '',
    ...table(
      ['kernel', 'dispatches', 'ms', 'share'],
      step
        .slice(0, 10)
        .map(({ label, dispatches, milliseconds }) => [
          label,
          String(dispatches),
          three(milliseconds),
          percent(milliseconds / all),
        ]),
    ),
  ];
}

/** One row a product, one column a kernel: GFLOP/s, and the best of them by the adapter's own best. */
function productLines(rows: OperatorTime[], best: number): string[] {
  const variants = [...new Set(rows.map(({ variant }) => variant))];
  const keyOf = ({ op, shape }: OperatorTime) => `${op.replace('matmul ', '')} | ${shape}`;
  return table(
    ['product', 'rows × inner × columns', 'in a step', ...variants, 'of the best'],
    [...new Set(rows.map(keyOf))].map((key) => {
      const same = rows.filter((row) => keyOf(row) === key);
      const rates = variants.map((name) => same.find(({ variant }) => variant === name)?.gigaflops);
      return [
        key,
        String(same[0].times),
        ...rates.map((rate) => (rate === undefined ? '–' : three(rate))),
        percent(Math.max(...rates.map((rate) => rate ?? 0)) / best),
      ];
    }),
  );
}

const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;

function kernelLines({ peaks, workloads, squares }: KernelReport): string[] {
  const lines = [
    `At best: ${three(peaks.gigaflops)} GFLOP/s in registers, ${three(peaks.gigabytes)} GB/s copying.`,
  ];
  for (const { name, operators, update } of workloads) {
    const products = operators.filter(({ op }) => op.startsWith('matmul'));
    const others = operators.filter(({ op }) => !op.startsWith('matmul'));
    lines.push('', `Products of ${name}, GFLOP/s:`, '', ...productLines(products, peaks.gigaflops));
    lines.push('', `Other ops of ${name}:`, '');
    const rows = others.map(({ op, shape, times, variant, milliseconds, gigaflops, gigabytes }) => [
      op,
      shape.split(',')[0],
      String(times),
      variant || '–',
      three(milliseconds),
      gigaflops > 0 ? three(gigaflops) : '–',
      three(gigabytes),
      percent(gigabytes / peaks.gigabytes),
    ]);
    if (update)
      rows.push([
        'AdamW',
        'all weights',
        '1',
        'flat',
        '–',
        '–',
        three(update.gigabytes),
        percent(update.gigabytes / peaks.gigabytes),
      ]);
    lines.push(
      ...table(['op', 'first input', 'in a step', 'kernel', 'ms', 'GFLOP/s', 'GB/s', 'of the best'], rows),
    );
  }
  if (squares.length > 0) lines.push('', 'Square products:', '', ...productLines(squares, peaks.gigaflops));
  return lines;
}
