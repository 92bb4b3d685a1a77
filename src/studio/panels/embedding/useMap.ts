/** The places of the points on the map that is chosen: components at once, UMAP when its worker has laid it out, each laid on the one before. */
import { useEffect, useRef, useState } from 'react';
import { asStudioError, type StudioError } from '../../../core/errors.ts';
import type { Embedding } from '../../../workers/api.ts';
import { mapWorker } from '../../app/mapWorker.ts';
import { proxyProgress } from '../../state/proxyProgress.ts';
import { carried, keepPlaces, placesOf, sameWay } from './places.ts';

interface Laid {
  result: Embedding;
  places: Float32Array;
}

export interface MapSettings {
  map: 'pca' | 'umap';
  neighbours: number;
  least: number;
}

/** The last map of each setting and run, on which the next one is laid. */
const last = new Map<string, Laid>();

export function useMap(
  result: Embedding,
  run: string,
  { map, neighbours, least }: MapSettings,
): Laid & { working: boolean; share?: number; cancel?: () => void; error?: StudioError; stopped: boolean } {
  const key = JSON.stringify([run, result.kinds, map, map === 'umap' && [neighbours, least]]);
  const [laid, setLaid] = useState<{ key: string; result: Embedding; error?: StudioError }>();
  const wanted = useRef({ key, result });
  const busy = useRef(false);
  const [job, setJob] = useState<{ id: string; share: number }>();
  useEffect(() => {
    wanted.current = { key, result };
    const next = async (): Promise<void> => {
      const { current } = wanted;
      const before = last.get(current.key);
      if (map !== 'umap' || busy.current || before?.result === current.result) return;
      busy.current = true;
      const made = current.result;
      let error: StudioError | undefined;
      const id = crypto.randomUUID();
      setJob({ id, share: 0 });
      try {
        const onto = before && carried(before.places, before.result, made);
        const start = sameWay(made);
        const scale = spread(onto) / (spread(start) || 1);
        const places = await mapWorker().layOut(
          {
            vectors: made.vectors,
            width: made.width,
            neighbours,
            least,
            seed: 0,
            start: onto ? start.map((value, i) => (Number.isNaN(onto[i]) ? value * scale : onto[i])) : start,
            onto,
          },
          id,
          proxyProgress(({ done, total }) => setJob({ id, share: done / total })),
        );
        last.set(current.key, { result: made, places });
        keepPlaces(made, places);
      } catch (thrown) {
        error = asStudioError(thrown);
      }
      busy.current = false;
      setJob(undefined);
      setLaid({ key: current.key, result: made, error });
      // What came meanwhile.
      if (!error && wanted.current.result !== made) await next();
    };
    void next();
  }, [key, result, map, neighbours, least]);
  if (map === 'pca') {
    const before = last.get(key);
    const places = before?.result === result ? before.places : sameWay(result, before);
    last.set(key, { result, places });
    return { result, places, working: false, stopped: false };
  }
  const known = last.get(key);
  const error = laid?.key === key && laid.result === result ? laid.error : undefined;
  const working = known?.result !== result && error === undefined;
  // Ended by hand: the map before stands, and the next answer is laid out again.
  const stopped = error?.code === 'cancelled';
  const doing = {
    working,
    stopped,
    error: stopped ? undefined : error,
    ...(working && job && { share: job.share, cancel: () => void mapWorker().cancel(job.id) }),
  };
  return known
    ? { ...known, places: placesOf(known.result) ?? known.places, ...doing }
    : { result, places: sameWay(result), ...doing };
}

/** Largest distance from the middle. */
function spread(places: Float32Array = new Float32Array()): number {
  let most = 0;
  for (const value of places) if (!Number.isNaN(value)) most = Math.max(most, Math.abs(value));
  return most;
}
