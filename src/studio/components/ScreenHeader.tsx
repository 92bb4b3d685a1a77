/** Title, one sentence and the actions of a screen. */
import type { ReactNode } from 'react';
import css from './components.module.css';

export function ScreenHeader(props: { title: string; lead?: ReactNode; children?: ReactNode }) {
  return (
    <header className={css.header}>
      <div className="grow">
        <h1>{props.title}</h1>
        {props.lead && <p className={`${css.lead} muted`}>{props.lead}</p>}
      </div>
      {props.children && <div className="row wrap">{props.children}</div>}
    </header>
  );
}

/** A number with its name, as the facts above a table or a model. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
