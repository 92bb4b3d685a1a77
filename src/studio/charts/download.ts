/** Charts as files: a PNG of the canvases of a panel, a CSV of its table. */
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

/** Draws the canvases of `root` where they stand, under a title. */
export async function savePng(name: string, title: string, root: HTMLElement, ink: string, paper: string) {
  const box = root.getBoundingClientRect();
  const ratio = Math.max(2, window.devicePixelRatio);
  const head = 34;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round((box.height + head) * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(ratio, ratio);
  context.fillStyle = paper;
  context.fillRect(0, 0, box.width, box.height + head);
  context.fillStyle = ink;
  context.font = `600 14px ${getComputedStyle(root).fontFamily}`;
  context.fillText(title, 14, 22);
  context.imageSmoothingEnabled = false;
  for (const part of root.querySelectorAll('canvas')) {
    const place = part.getBoundingClientRect();
    if (place.width > 0 && part.width > 0)
      context.drawImage(part, place.left - box.left, place.top - box.top + head, place.width, place.height);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (blob) save(`${name}.png`, blob);
}
