/**
 * One of several methods, as cards: a group of real radio buttons, so that arrows move and choose, and a screen reader says which of how
 * many. What does not fit stays in place, disabled, with its reason.
 */
import { type ReactNode, useId } from 'react';
import css from './components.module.css';

export interface Option {
  value: string;
  title: string;
  summary: string;
  /** Paper or definition. */
  source?: string;
  diagram?: ReactNode;
  /** Figures and the like. */
  children?: ReactNode;
  /** Why it cannot be chosen. */
  misfit?: string;
}

interface Props {
  label: string;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
}

export function OptionCards({ label, value, options, onChange }: Props) {
  const id = useId();
  return (
    <div role="radiogroup" aria-label={label} className={css.options}>
      {options.map(({ value: own, title, summary, source, diagram, children, misfit }, index) => (
        <label key={own} className={css.option} data-chosen={own === value} data-misfit={Boolean(misfit)}>
          <input
            type="radio"
            className="sr-only"
            name={id}
            value={own}
            checked={own === value}
            disabled={Boolean(misfit) && own !== value}
            aria-label={title}
            aria-describedby={`${id}-${index}`}
            onChange={() => onChange(own)}
          />
          {diagram}
          <strong>{title}</strong>
          <span id={`${id}-${index}`} className={css.about}>
            <span className="small">{summary}</span>
            {misfit && <span className={`small ${css.misfit}`}>{misfit}</span>}
          </span>
          {source && <span className={`small muted ${css.source}`}>{source}</span>}
          {children}
        </label>
      ))}
    </div>
  );
}
