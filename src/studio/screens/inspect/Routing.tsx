/** Which expert each token was sent to, and how the experts' load is shared between modalities. */
import { useState } from 'react';
import type { FusionProbe } from '../../../workers/api.ts';
import { sequential } from '../../charts/colors.ts';
import { type Cell, Heatmap } from '../../charts/Heatmap.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { useTokens } from '../../theme/useTokens.ts';
import css from './inspect.module.css';
import { loadOf } from './load.ts';

export function Routing({ probe }: { probe: FusionProbe }) {
  const t = useT();
  const { scheme } = useTokens();
  const [cell, setCell] = useState<Cell>();
  const { shape, values, rows = [] } = probe;
  const [, experts] = shape;
  const numbers = Array.from({ length: experts }, (_, expert) => expert);
  const tokens = rows.flatMap(({ from, labels, of }) =>
    labels.map((label, place) => ({ at: from + place, label: `${modalityName(t, of)} ${label.trim()}` })),
  );
  // Experts downwards, tokens across: there are more tokens than experts.
  const turned = new Float32Array(tokens.length * experts);
  for (const [column, { at }] of tokens.entries())
    for (let expert = 0; expert < experts; expert++)
      turned[expert * tokens.length + column] = values[at * experts + expert];
  return (
    <div className={css.mapSide}>
      <Heatmap
        label={t('inspect.routingMap', { tokens: tokens.length, experts })}
        read={() => ({ rows: experts, columns: tokens.length, values: turned })}
        version={() => probe}
        scale={(value) => value}
        ramp={sequential(scheme)}
        cell={cell}
        onCell={setCell}
        style={{ height: experts * 22 }}
      />
      <p className="muted small" aria-live="polite" style={{ minHeight: 20 }}>
        {cell && cell.column < tokens.length
          ? t('inspect.routed', {
              token: tokens[cell.column].label,
              expert: cell.row + 1,
              weight: t.number(turned[cell.row * tokens.length + cell.column]),
            })
          : t('inspect.routingHint')}
      </p>
      <div className={css.scroll}>
        <table className={css.numbers}>
          <thead>
            <tr>
              <th scope="col">{t('inspect.load')}</th>
              {numbers.map((expert) => (
                <th key={expert} scope="col">
                  {t('inspect.expert', { n: expert + 1 })}
                </th>
              ))}
              <th scope="col">{t('inspect.dropped')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((part) => {
              const { shares, dropped } = loadOf(probe, part);
              return (
                <tr key={part.of}>
                  <th scope="row">{modalityName(t, part.of)}</th>
                  {numbers.map((expert) => (
                    <td key={expert}>{t.percent(shares[expert])}</td>
                  ))}
                  <td>{t.percent(dropped)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
