/** Progress on standard error: one line that changes on a terminal, a line now and then elsewhere. Results go to standard output. */
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

/** Ends the changing line, so that what follows stands on its own. */
export function endProgress(): void {
  if (open) process.stderr.write('\n');
  open = false;
}

export const result = (value: unknown): void => {
  endProgress();
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

export const number = (value: number | undefined, digits = 3): string =>
  value === undefined || !Number.isFinite(value) ? '–' : value.toPrecision(digits);

export const duration = (seconds: number): string =>
  seconds >= 3600
    ? `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
    : seconds >= 60
      ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
      : `${Math.round(seconds)} s`;
