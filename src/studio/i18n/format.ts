/** Numbers, sizes, durations and dates for people: 3 significant digits, SI prefixes, the language's own forms. */
export interface Format {
  /** Three significant digits, small and large ones in scientific or SI form. */
  number(value: number | undefined): string;
  /** Grouped whole number. */
  count(value: number): string;
  percent(value: number): string;
  /** 1.2M, 340k. */
  compact(value: number): string;
  bytes(value: number): string;
  duration(seconds: number): string;
  date(milliseconds: number): string;
}

export function formatNumber(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  let text: string;
  if (size === 0) text = '0';
  else if (size < 1e-3 || size >= 1e6) text = value.toExponential(2).replace('e+', 'e');
  else if (size >= 1000) text = String(Math.round(value));
  else text = value.toPrecision(3);
  return text.replace(/-/g, '−');
}

export function formatBytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let size = value;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toPrecision(size >= 10 ? 3 : 2)} ${units[unit]}`;
}

export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

export function createFormat(tag: string): Format {
  const count = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    number: formatNumber,
    count: (value) => count.format(value),
    percent: (value) => percent.format(value),
    compact: (value) => compact.format(value),
    bytes: formatBytes,
    duration: formatDuration,
    date: (value) => date.format(value),
  };
}
