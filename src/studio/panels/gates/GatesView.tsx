import { useState } from 'react';
import type { Gates } from '../../../workers/api.ts';
import { Bars } from '../../charts/Bars.tsx';
import { sequential } from '../../charts/colors.ts';
import { type Cell, Heatmap } from '../../charts/Heatmap.tsx';
import '../../i18n/texts/gates.ts';
import { type Translate, useT } from '../../i18n/index.ts';
import { useTokens } from '../../theme/useTokens.ts';
import { gateName } from '../gateName.ts';
import { modalityName } from '../modalityName.ts';
import css from '../panels.module.css';

/** Gates as bars, with the spread over samples; experts as a matrix of modalities by experts. */
export function GatesView({ gates }: { gates: Gates }) {
  const t = useT();
  return (
    <div className={css.attention}>
      {bars(t, gates).map(({ title, list }) => (
        <section key={title}>
          <h3 className={css.tower}>{title}</h3>
          <Bars label={title} bars={list} />
        </section>
      ))}
      {gates.loads.map((load) => (
        <Load key={load.name} load={load} />
      ))}
      <p className="muted small">{t('gates.samples', { count: gates.samples })}</p>
    </div>
  );
}

function bars(t: Translate, { gates }: Gates) {
  const charts = new Map<string, { name: string; amount: number; text: string }[]>();
  for (const { name, of, mean, deviation } of gates) {
    const { title, part } = gateName(t, name, of !== undefined);
    const list = mean.map((value, at) => ({
      name: of ? modalityName(t, of[at]) : part,
      amount: Math.abs(value),
      text: t('gates.spread', { value: t.number(value), deviation: t.number(deviation[at]) }),
    }));
    charts.set(title, [...(charts.get(title) ?? []), ...list]);
  }
  return [...charts].map(([title, list]) => ({ title, list }));
}

function Load({ load }: { load: Gates['loads'][number] }) {
  const t = useT();
  const { scheme } = useTokens();
  const [cell, setCell] = useState<Cell>();
  const { experts, modalities, name } = load;
  const values = Float32Array.from(modalities.flatMap(({ shares }) => shares));
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const numbers = Array.from({ length: experts }, (_, expert) => expert + 1);
  const title = t('gates.load', { n: Number(name) + 1 });
  return (
    <section>
      <h3 className={css.tower}>{title}</h3>
      <div className={css.loads}>
        <div className={css.loadNames} style={{ height: 30 * modalities.length }}>
          {modalities.map(({ of }) => (
            <span key={of}>{modalityName(t, of)}</span>
          ))}
        </div>
        <div className="grow">
          <Heatmap
            label={t('gates.matrix', { title, modalities: modalities.length, experts })}
            read={() => ({ rows: modalities.length, columns: experts, values })}
            version={() => load}
            scale={(value) => (most > 0 ? value / most : 0)}
            ramp={sequential(scheme)}
            cell={cell}
            onCell={setCell}
            style={{ width: '100%', height: 30 * modalities.length }}
          />
          <div className={css.seconds} aria-hidden>
            {numbers.map((number) => (
              <span key={number} style={{ flex: 1, textAlign: 'center' }}>
                {number}
              </span>
            ))}
          </div>
        </div>
      </div>
      <p className="muted small" aria-live="polite">
        {cell && cell.row < modalities.length
          ? t('gates.cell', {
              modality: modalityName(t, modalities[cell.row].of),
              expert: cell.column + 1,
              share: t.percent(values[cell.row * experts + cell.column]),
              dropped: t.percent(modalities[cell.row].dropped),
            })
          : t('gates.hint', { most: t.percent(most), even: t.percent(1 / experts) })}
      </p>
    </section>
  );
}
