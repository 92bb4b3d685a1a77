/**
 * Which probes are asked of the engine: the union of what mounted panels want, and the pinned sample. Nothing
 * mounted means nothing asked, and a step computes nothing extra.
 */
import { useEffect } from 'react';
import { createStore } from 'zustand/vanilla';
import { api } from '../app/api.ts';

export type ProbeName = 'similarity' | 'attention';

export interface Pinned {
  image: number;
  caption: number;
}
/** The sample that the attention panel and Inspect look at. */
export const pinned = createStore<Pinned>(() => ({ image: 0, caption: 0 }));

const wanted: Record<ProbeName, number> = { similarity: 0, attention: 0 };
let timer: ReturnType<typeof setTimeout> | undefined;

function send(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const request = {
      similarity: wanted.similarity > 0,
      attention: wanted.attention > 0,
      pinned: pinned.getState(),
      interval: 400,
    };
    // A probe that cannot be set must not disturb training; the panel stays empty and says so.
    api()
      .engine.setProbes(request)
      .catch(() => {});
  }, 50);
}
pinned.subscribe(send);

/** Asks for probes while the calling component is mounted. */
export function useProbes(names: readonly ProbeName[]): void {
  const key = names.join();
  useEffect(() => {
    const list = key
      .split(',')
      .filter((name): name is ProbeName => name === 'similarity' || name === 'attention');
    for (const name of list) wanted[name]++;
    send();
    return () => {
      for (const name of list) wanted[name]--;
      send();
    };
  }, [key]);
}
