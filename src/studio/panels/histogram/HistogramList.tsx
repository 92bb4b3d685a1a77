/** The query, and a row for each tensor that it means. */
import { useEffect, useId, useRef, useState } from 'react';
import type { Histograms, TensorHistogram } from '../../../workers/api.ts';
import { usePainter } from '../../charts/usePainter.ts';
import { useT } from '../../i18n/index.ts';
import { modalityStyle } from '../../theme/tokens.ts';
import { useTokens } from '../../theme/useTokens.ts';
import type { LookProps } from '../lookPanel.tsx';
import css from './histogram.module.css';
import { remember } from './history.ts';
import { paintHistogram } from './paintHistogram.ts';

export function HistogramList({ result, settings, set, step, run }: LookProps<Histograms>) {
  const t = useT();
  const { tensors, matched, names } = result;
  return (
    <div className={css.list}>
      <Query
        value={String(settings['query'])}
        names={names}
        onChange={(query) => set({ ...settings, query })}
      />
      {matched > tensors.length && (
        <p className="muted small">{t('histogram.some', { shown: tensors.length, matched })}</p>
      )}
      {tensors.map((one) => (
        <Row key={one.name} histogram={one} run={run} step={step} log={settings['log'] === true} />
      ))}
    </div>
  );
}

/** Names that exist are offered for what was typed last; it is asked with Enter or when the field is left. */
function Query({
  value,
  names,
  onChange,
}: {
  value: string;
  names: readonly string[];
  onChange: (query: string) => void;
}) {
  const t = useT();
  const list = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // Of a list of queries only the last one is being written.
  const [, before = '', last] = /^(.*[,;\n]\s*)?(.*)$/s.exec(text) ?? [];
  const stem = last.replace(/:.*$/, '').toLowerCase();
  const offered = names.filter((name) => name.toLowerCase().includes(stem)).slice(0, 60);
  const commit = () => {
    if (text.trim() !== '' && text !== value) onChange(text);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        commit();
      }}
    >
      <input
        className={css.query}
        list={list}
        value={text}
        aria-label={t('histogram.query')}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.stopPropagation()}
      />
      <datalist id={list}>
        {offered.map((name) => (
          <option key={name} value={before + name} />
        ))}
      </datalist>
    </form>
  );
}

interface RowProps {
  histogram: TensorHistogram;
  run: string;
  step: number;
  log: boolean;
}

function Row({ histogram, run, step, log }: RowProps) {
  const t = useT();
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { name, kind, shape, count, zeros, nonFinite, mean, deviation, min, max } = histogram;
  const seen = remember(run, step, histogram);
  const { color } = modalityStyle(/^(?:fusion\.)?(\w+)/.exec(name)?.[1]);
  usePainter(
    canvas,
    (context, width, height) =>
      paintHistogram(
        context,
        width,
        height,
        { seen, now: { step, histogram }, log, color: tokens[color] },
        tokens,
      ),
    () => histogram,
  );
  const figures: [string, string][] = [
    [t('histogram.mean'), t.number(mean)],
    [t('histogram.deviation'), t.number(deviation)],
    [t('histogram.min'), t.number(min)],
    [t('histogram.max'), t.number(max)],
    [t('histogram.zeros'), t.percent(zeros / Math.max(1, count))],
  ];
  return (
    <section className={css.row} aria-label={name}>
      <h3>
        <code>{name}</code>{' '}
        <span className="muted">
          {t(`histogram.${kind}`)} · {shape.join(' × ') || '1'}
        </span>
      </h3>
      <div
        className={css.chart}
        role="img"
        aria-label={`${name}: ${figures.map((one) => one.join(' ')).join(', ')}`}
      >
        <canvas ref={canvas} className={css.canvas} />
      </div>
      <dl className={css.figures}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
        {nonFinite > 0 && (
          <div className={css.bad}>
            <dt>{t('histogram.nonFinite')}</dt>
            <dd className="number">{t.percent(nonFinite / count)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
