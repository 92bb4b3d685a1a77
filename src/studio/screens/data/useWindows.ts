/**
 * The samples that a filter finds, window by window as they come into view. What is scrolled past before it was asked for is never asked; at most two requests are
 * under way; windows far from the view are forgotten. After an edit the old ones stay until the new are there, so that nothing jumps.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { DatasetSummary, SampleFilter, SampleView } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { reportError } from '../../app/report.tsx';

const windowSize = 120;
/** Windows that are kept, 7,200 samples. */
const mostWindows = 60;
const mostRequests = 2;

export interface Windows {
  /** Undefined until the first answer. */
  total?: number;
  at(place: number): SampleView | undefined;
  /** Says what is in view. */
  see(first: number, last: number): void;
}

class Reader {
  total?: number;
  private readonly kept = new Map<number, { stamp: string; samples: SampleView[] }>();
  private readonly asked = new Set<number>();
  private view: [number, number] = [0, windowSize];
  private stamp = '';
  private ended = false;
  private readonly dataset: string;
  private readonly filter: SampleFilter;
  private readonly changed: () => void;

  constructor(dataset: string, filter: SampleFilter, changed: () => void) {
    this.dataset = dataset;
    this.filter = filter;
    this.changed = changed;
  }

  at(place: number): SampleView | undefined {
    return this.kept.get(Math.floor(place / windowSize))?.samples[place % windowSize];
  }

  /** What is kept was read from another state of the set where the stamp is another. */
  renew(stamp: string): void {
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.pump();
  }

  see(first: number, last: number): void {
    this.view = [first, last];
    this.pump();
  }

  end(): void {
    this.ended = true;
  }

  private pump(): void {
    const [first, last] = this.view;
    const from = Math.max(0, Math.floor(first / windowSize));
    for (let window = from; window <= Math.floor(last / windowSize); window++) {
      if (this.ended || this.asked.size >= mostRequests) return;
      const beyond = this.total !== undefined && window > 0 && window * windowSize >= this.total;
      if (beyond || this.asked.has(window) || this.kept.get(window)?.stamp === this.stamp) continue;
      void this.ask(window);
    }
  }

  private async ask(window: number): Promise<void> {
    const { stamp } = this;
    this.asked.add(window);
    try {
      const range = { ...this.filter, offset: window * windowSize, limit: windowSize };
      const { total, samples } = await api().data.samples(this.dataset, range);
      if (this.ended) return;
      if (total !== this.total)
        for (const [key] of this.kept) if (key * windowSize >= total) this.kept.delete(key);
      this.total = total;
      this.kept.delete(window);
      this.kept.set(window, { stamp, samples });
      // The first in the map came longest ago.
      if (this.kept.size > mostWindows) this.kept.delete(this.kept.keys().next().value ?? 0);
      this.changed();
    } catch (error) {
      if (!this.ended) reportError(error);
      return;
    } finally {
      this.asked.delete(window);
    }
    this.pump();
  }
}

/** Changes whenever what the set shows may have. */
export const stampOf = ({ fingerprint, cleaning, dropped }: DatasetSummary): string =>
  JSON.stringify([fingerprint, cleaning, dropped]);

export function useWindows(dataset: DatasetSummary, filter: SampleFilter): Windows {
  const [, setVersion] = useState(0);
  const { id } = dataset;
  const words = JSON.stringify(filter);
  const newest = useRef<Reader>(undefined);
  const reader = useMemo(() => {
    newest.current?.end();
    const parsed: SampleFilter = JSON.parse(words);
    newest.current = new Reader(id, parsed, () => setVersion((version) => version + 1));
    return newest.current;
  }, [id, words]);
  const stamp = stampOf(dataset);
  useEffect(() => reader.renew(stamp), [reader, stamp]);
  return useMemo(
    () => ({
      get total() {
        return reader.total;
      },
      at: (place) => reader.at(place),
      see: (first, last) => reader.see(first, last),
    }),
    [reader],
  );
}
