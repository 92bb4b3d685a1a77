/** Progress on standard error: one line that changes on a terminal, a line now and then elsewhere. Results go to standard output. */
import { type Validation, validationRow } from '../training/validate.ts';

const interval = process.stderr.isTTY ? 100 : 2000;
let last = 0;
let open = false;

export function progress(text: string, now = false): void {
  if (!now && performance.now() - last < interval) return;
  last = performance.now();
  if (process.stderr.isTTY) {
    process.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, (process.stderr.columns ?? 100) - 1))}`);
    open = true;
  } else process.stderr.write(`${text}\n`);
}

/** A line that stays. */
export function note(text: string): void {
  process.stderr.write(open ? `\r\u001b[K${text}\n` : `${text}\n`);
  open = false;
}

/** Ends the changing line, so that what follows stands on its own. */
export function endProgress(): void {
  if (open) process.stderr.write('\n');
  open = false;
}

export const result = (value: unknown): void => {
  endProgress();
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/** The metrics `val.…` of a row without that prefix, as `train` and `evaluate` both print them. */
export const validationPart = (row: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      name.startsWith('val.') ? [[name.slice(4), value] as const] : [],
    ),
  );

/** What is left of earlier data: the metrics `old.val.…` without that prefix, and `forgetting` and `transfer`. */
export const oldPart = (row: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) =>
      name.startsWith('old.') ? [[name.replace(/^old\.(val\.)?/, ''), value] as const] : [],
    ),
  );
export const measuresOf = (validation: Validation) => validationPart(validationRow(validation));

export const number = (value: number | undefined, digits = 3): string =>
  value === undefined || !Number.isFinite(value) ? '–' : value.toPrecision(digits);

const percent = (share: number): string => `${number(100 * share)} %`;

const duration = (seconds: number): string =>
  seconds >= 3600
    ? `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
    : seconds >= 60
      ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
      : `${Math.round(seconds)} s`;

/** What a run shows while it goes: its last numbers and the time left. */
export function trainingLine(
  row: Record<string, number>,
  last: Record<string, number>,
  steps: number,
): string {
  const left = ((steps - row['step']) * (last['stepMs'] ?? 0)) / 1000;
  return [
    `step ${row['step']} / ${steps}`,
    'loss' in last ? `loss ${number(last['loss'])}` : '',
    'val.loss' in last ? `val ${number(last['val.loss'])}` : '',
    'val.r1' in last ? `R@1 ${percent(last['val.r1'])}  R@10 ${percent(last['val.r10'])}` : '',
    'val.accuracy' in last ? `accuracy ${percent(last['val.accuracy'])}` : '',
    last['samplesPerSecond'] > 0 ? `${number(last['samplesPerSecond'])} samples/s` : '',
    left > 0 ? `${duration(left)} left` : '',
  ]
    .filter(Boolean)
    .join('  ');
}
