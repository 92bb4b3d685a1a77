/**
 * Pictures by data set and index. Requests of one tick travel together; the newest thousand are kept. Whoever waits
 * for a picture subscribes to it.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { api } from '../app/api.ts';

const KEPT = 1000;
export const thumbnailSize = 64;

const images = new Map<string, ImageData>();
const listeners = new Map<string, Set<() => void>>();
const asked = new Set<string>();
let waiting: { dataset: string; index: number }[] = [];

const keyOf = (dataset: string, index: number) => `${dataset}/${index}`;

async function load(dataset: string, indices: number[]): Promise<void> {
  try {
    const { size, pixels } = await api().data.thumbnails(dataset, indices, thumbnailSize);
    indices.forEach((index, i) => {
      const image = new ImageData(size, size);
      const from = i * size * size * 3;
      for (let p = 0; p < size * size; p++) {
        image.data[p * 4] = pixels[from + p * 3];
        image.data[p * 4 + 1] = pixels[from + p * 3 + 1];
        image.data[p * 4 + 2] = pixels[from + p * 3 + 2];
        image.data[p * 4 + 3] = 255;
      }
      images.set(keyOf(dataset, index), image);
    });
    for (const key of images.keys()) {
      if (images.size <= KEPT) break;
      if (!listeners.has(key)) images.delete(key);
    }
  } finally {
    // A picture that could not be had stays blank; asking again is possible.
    for (const index of indices) {
      const key = keyOf(dataset, index);
      asked.delete(key);
      for (const listener of listeners.get(key) ?? []) listener();
    }
  }
}

function ask(dataset: string, index: number): void {
  const key = keyOf(dataset, index);
  if (images.has(key) || asked.has(key)) return;
  asked.add(key);
  if (waiting.length === 0)
    setTimeout(() => {
      const batch = waiting;
      waiting = [];
      for (const id of new Set(batch.map((item) => item.dataset)))
        load(
          id,
          batch.filter((item) => item.dataset === id).map((item) => item.index),
        ).catch(() => {});
    }, 16);
  waiting.push({ dataset, index });
}

/** The picture, once it has come. */
export function useThumbnail(dataset: string | undefined, index: number): ImageData | undefined {
  const key = keyOf(dataset ?? '', index);
  const subscribe = useCallback(
    (changed: () => void) => {
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set.add(changed));
      if (dataset) ask(dataset, index);
      return () => {
        set.delete(changed);
        if (set.size === 0) listeners.delete(key);
      };
    },
    [key, dataset, index],
  );
  return useSyncExternalStore(subscribe, () => images.get(key));
}
