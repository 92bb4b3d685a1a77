/** The lines of a chart with their dash, mark and value; a press hides or shows one. */
import { useT } from '../i18n/index.ts';
import type { Mark } from '../theme/tokens.ts';
import css from './charts.module.css';
import { markPath } from './marks.ts';

export interface LegendLine {
  key: string;
  label: string;
  color: string;
  dash: readonly number[];
  mark: Mark;
  value: string;
}

interface Props {
  lines: LegendLine[];
  hidden: readonly string[];
  /** The step that the values belong to, where it is not the last. */
  at?: string;
  /** Shows all steps again, where only a part is shown. */
  onWhole?: () => void;
  toggle: (key: string) => void;
}

export function Legend({ lines, hidden, at, onWhole, toggle }: Props) {
  const t = useT();
  return (
    <fieldset className={css.legend}>
      <legend className="sr-only">{t('charts.legend')}</legend>
      {lines.map((line) => (
        <button
          key={line.key}
          type="button"
          className={css.line}
          aria-pressed={!hidden.includes(line.key)}
          onClick={() => toggle(line.key)}
        >
          <svg width="26" height="10" viewBox="-13 -5 26 10" aria-hidden="true">
            <path d="M-13,0H13" stroke={line.color} strokeWidth="2" strokeDasharray={line.dash.join(' ')} />
            <path d={markPath(line.mark, 3.4)} fill={line.color} />
          </svg>
          <span>{line.label}</span>
          <b>{line.value}</b>
        </button>
      ))}
      {onWhole && (
        <button type="button" className={css.line} onClick={onWhole}>
          {t('charts.whole')}
        </button>
      )}
      {at && <span className={css.at}>{at}</span>}
    </fieldset>
  );
}
