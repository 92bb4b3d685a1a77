/** What the fusion does with the chosen sample: gates as bars, routing to experts, attention between modalities. */
import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { FusionProbe } from '../../../workers/api.ts';
import { api } from '../../app/api.ts';
import { Bars } from '../../charts/Bars.tsx';
import { type Translate, useT } from '../../i18n/index.ts';
import { gateName } from '../../panels/gateName.ts';
import { mapName } from '../../panels/mapName.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { FusionMap } from './FusionMap.tsx';
import css from './inspect.module.css';
import { Routing } from './Routing.tsx';
import { useAsync } from './useAsync.ts';

interface Props {
  subject: string;
  dataset: string;
  sample: number;
  caption: number;
  without: readonly string[];
  at?: { run: string; step: number };
}

export function Fusion({ subject, dataset, sample, caption, without, at }: Props) {
  const t = useT();
  const [chosen, setChosen] = useState<string>();
  const { value, loading } = useAsync(JSON.stringify([subject, without]), () =>
    api().engine.fusion({ sample, caption, without: [...without] }, at),
  );
  const probes = value?.result;
  if (probes?.length === 0) return null;
  const gates = probes ? gateBars(t, probes) : [];
  const looks = probes?.filter(({ name }) => /^(attention|routing)\./.test(name)) ?? [];
  // What is particular to the method comes first.
  const particular = /^(routing|attention\.cross)\./;
  const shown =
    looks.find(({ name }) => name === chosen) ?? looks.find(({ name }) => particular.test(name)) ?? looks[0];
  return (
    <section className={`card ${css.section}`} aria-busy={loading}>
      <div className="row wrap">
        <h2 className="grow">{t('inspect.fusion')}</h2>
        {looks.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label={t('inspect.what')}
            value={shown?.name}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={looks.map(({ name }) => ({ value: name, label: mapName(t, name) }))}
          />
        )}
      </div>
      {!probes && <p className="muted">{loading ? t('common.loading') : ''}</p>}
      {gates.map(({ name, bars }) => (
        <div key={name}>
          <h3 className="small">{name}</h3>
          <Bars label={name} bars={bars} />
        </div>
      ))}
      {shown?.name.startsWith('attention.') && (
        <>
          <p className="muted small">{t('inspect.mapLead', { name: mapName(t, shown.name) })}</p>
          <FusionMap key={shown.name} probe={shown} dataset={dataset} sample={sample} />
        </>
      )}
      {shown?.name.startsWith('routing.') && (
        <>
          <p className="muted small">{mapName(t, shown.name)}</p>
          <Routing probe={shown} />
        </>
      )}
    </section>
  );
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Gates of one kind as one chart each: of modalities, per layer and channel (their mean), or single numbers. */
function gateBars(t: Translate, probes: readonly FusionProbe[]) {
  const charts = new Map<string, { name: string; amount: number; text: string }[]>();
  for (const { name, values, columns } of probes) {
    if (!name.startsWith('gate.')) continue;
    const { title, part } = gateName(t, name.slice('gate.'.length), columns !== undefined);
    const bars = columns
      ? columns.map(({ of }, index) => ({ name: modalityName(t, of), value: values[index] }))
      : [{ name: part, value: meanOf(values) }];
    charts.set(title, [
      ...(charts.get(title) ?? []),
      ...bars.map(({ name: label, value }) => ({
        name: label,
        amount: Math.abs(value),
        text: t.number(value),
      })),
    ]);
  }
  return [...charts].map(([name, bars]) => ({ name, bars }));
}
