/** Files for people: a CSV of a table; charts/picture.ts makes pictures. */
export interface Table {
  columns: string[];
  rows: (string | number)[][];
}

const quoted = (value: string | number) => {
  const text = typeof value === 'number' && !Number.isFinite(value) ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

export function toCsv({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n');
}

export function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const saveCsv = (name: string, table: Table) =>
  // The mark at the front makes spreadsheets read UTF-8.
  save(`${name}.csv`, new Blob(['\uFEFF', toCsv(table)], { type: 'text/csv' }));
