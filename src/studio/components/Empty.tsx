/** An empty place: what will appear here, and the one thing that makes it appear. */
import type { ReactNode } from 'react';
import css from './components.module.css';

export function Empty(props: { title: string; children?: ReactNode; action?: ReactNode; art?: ReactNode }) {
  return (
    <div className={css.empty}>
      {props.art ?? (
        <svg width="88" height="56" viewBox="0 0 88 56" aria-hidden="true" className={css.art}>
          <rect x="6" y="12" width="32" height="32" rx="5" />
          <circle cx="62" cy="28" r="18" />
          <path d="M38 28h6" />
        </svg>
      )}
      <h2>{props.title}</h2>
      {props.children && <p className="muted">{props.children}</p>}
      {props.action && <div className="row wrap">{props.action}</div>}
    </div>
  );
}
