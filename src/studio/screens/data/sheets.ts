/**
 * Small pictures for the grid, in sheets of up to 48 that the data worker makes. Only what is in view is asked for, the newest view first; what was scrolled past
 * before its turn is dropped. At most two sheets are under way and 48 MiB are kept.
 */
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';

export interface Picture {
  image: ImageBitmap;
  /** Corner and side within the sheet. */
  x: number;
  y: number;
  side: number;
}

interface Kept {
  image: ImageBitmap;
  bytes: number;
  indices: number[];
}

const perSheet = 48;
const mostRequests = 2;
const mostBytes = 48 * 2 ** 20;

export class Sheets {
  private readonly pictures = new Map<number, Picture & { sheet: Kept }>();
  /** Oldest use first. */
  private readonly sheets = new Set<Kept>();
  private readonly asked = new Set<number>();
  private bytes = 0;
  private requests = 0;
  private wanted: readonly number[] = [];
  private ended = false;
  private readonly dataset: string;
  private readonly side: number;
  private readonly changed: () => void;

  /** @param side of the pictures in pixels */
  constructor(dataset: string, side: number, changed: () => void) {
    this.dataset = dataset;
    this.side = side;
    this.changed = changed;
  }

  of(index: number): Picture | undefined {
    const found = this.pictures.get(index);
    if (!found) return undefined;
    this.sheets.delete(found.sheet);
    this.sheets.add(found.sheet);
    return found;
  }

  /** What is in view now, the most wanted first. */
  want(indices: readonly number[]): void {
    this.wanted = indices;
    this.pump();
  }

  end(): void {
    this.ended = true;
    for (const { image } of this.sheets) image.close();
    this.sheets.clear();
    this.pictures.clear();
  }

  private pump(): void {
    while (!this.ended && this.requests < mostRequests) {
      const next = this.wanted
        .filter((index) => !this.pictures.has(index) && !this.asked.has(index))
        .slice(0, perSheet);
      if (next.length === 0) return;
      void this.ask(next);
    }
  }

  private async ask(indices: number[]): Promise<void> {
    this.requests++;
    for (const index of indices) this.asked.add(index);
    try {
      const { image, size, columns } = await api().data.sheet(this.dataset, indices, this.side);
      if (this.ended) {
        image.close();
        return;
      }
      const sheet = { image, indices, bytes: image.width * image.height * 4 };
      this.sheets.add(sheet);
      this.bytes += sheet.bytes;
      for (const [place, index] of indices.entries())
        this.pictures.set(index, {
          image,
          sheet,
          x: (place % columns) * size,
          y: Math.floor(place / columns) * size,
          side: size,
        });
      this.forget();
      this.changed();
    } catch (error) {
      // Asked for again only when it comes into view again.
      this.wanted = this.wanted.filter((index) => !indices.includes(index));
      if (!this.ended) reportError(error);
    } finally {
      this.requests--;
      for (const index of indices) this.asked.delete(index);
    }
    this.pump();
  }

  private forget(): void {
    for (const sheet of this.sheets) {
      if (this.bytes <= mostBytes) return;
      this.sheets.delete(sheet);
      this.bytes -= sheet.bytes;
      for (const index of sheet.indices)
        if (this.pictures.get(index)?.sheet === sheet) this.pictures.delete(index);
      sheet.image.close();
    }
  }
}
