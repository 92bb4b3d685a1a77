/** The parameters of the open session's model: asked for when another run is opened or its stages change, which may change the model. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ParameterSize } from '../../core/parts.ts';
import { structureOf } from '../../core/structure.ts';
import { api } from '../app/api.ts';
import { reportError } from '../app/report.tsx';
import { useRecipeNow } from './openRun.ts';
import { session } from './session.ts';

export function useSizes(): readonly ParameterSize[] {
  const [sizes, setSizes] = useState<readonly ParameterSize[]>([]);
  const run = useStore(session, (status) => status.run);
  const now = useRecipeNow();
  const model = `${run} ${now && structureOf(now)}`;
  const [asked, setAsked] = useState<string>();
  useEffect(() => {
    if (asked === model) return;
    setAsked(model);
    api().engine.parameters().then(setSizes, reportError);
  }, [asked, model]);
  return sizes;
}
