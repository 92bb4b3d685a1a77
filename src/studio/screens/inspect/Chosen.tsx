/** The chosen sample: what the model says of it, how its modalities meet, where each encoder looks. Asked again every so many steps while it trains. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Recipe } from '../../../core/recipe.ts';
import { api } from '../../app/api.ts';
import { useT } from '../../i18n/index.ts';
import { attends } from '../../panels/fits.ts';
import { PanelCard } from '../../panels/PanelCard.tsx';
import { why } from '../../panels/why.tsx';
import { words } from '../../panels/words.tsx';
import { pinned } from '../../state/pinned.ts';
import { session } from '../../state/session.ts';
import { Fusion } from './Fusion.tsx';
import { Prediction } from './Prediction.tsx';
import { SampleAttention } from './SampleAttention.tsx';
import { useAsync } from './useAsync.ts';

interface Props {
  recipe: Recipe;
  run: string;
  dataset: string;
  /** A saved step; the weights of now otherwise. */
  step?: number;
  now: number;
}

/** While training, the weights of now are asked again every so many steps. */
const refresh = 50;

export function Chosen({ recipe, run, dataset, step, now }: Props) {
  const t = useT();
  const { image, caption } = useStore(pinned);
  const running = useStore(session, (status) => status.state === 'running');
  const [without, setWithout] = useState<string[]>([]);
  const moment = step ?? (running ? `now ${Math.floor(now / refresh)}` : `now ${now}`);
  const sample = useAsync(`${dataset} ${image}`, async () => {
    const { samples } = await api().data.samples(dataset, { offset: image, limit: 1 });
    return samples.find(({ index }) => index === image);
  }).value;
  if (!sample) return null;
  const subject = JSON.stringify([run, image, caption, moment]);
  const at = step === undefined ? undefined : { run, step };
  const asked = { subject, sample: image, caption, without, at };
  return (
    <>
      {sample.captions.length > 1 && (
        <NativeSelect
          label={t('inspect.caption')}
          style={{ maxWidth: 420 }}
          value={String(caption)}
          onChange={(event) => pinned.setState({ caption: Number(event.currentTarget.value) })}
          data={sample.captions.map((text, i) => ({ value: String(i), label: text }))}
        />
      )}
      <Prediction {...asked} recipe={recipe} having={sample.having} onWithout={setWithout} />
      <PanelCard panel={why} />
      {words.suits?.(recipe) && <PanelCard panel={words} />}
      {Object.keys(recipe.encoders).length > 1 && <Fusion {...asked} dataset={dataset} />}
      {attends(recipe) && <SampleAttention {...asked} dataset={dataset} />}
    </>
  );
}
