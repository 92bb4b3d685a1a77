/** A part of a form that is folded away, with what it says in a word beside its title. What is folded is not drawn. */
import { type ReactNode, useState } from 'react';
import css from './controls.module.css';

interface Props {
  title: string;
  /** What it says now. */
  says?: ReactNode;
  /** Something inside is wrong: shown open. */
  wrong?: boolean;
  open?: boolean;
  id?: string;
  children: ReactNode;
}

export function Fold({ title, says, wrong = false, open: initially = false, id, children }: Props) {
  const [chosen, setOpen] = useState(initially);
  const open = chosen || wrong;
  return (
    <details
      id={id}
      className={css.fold}
      open={open}
      data-wrong={wrong}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="grow">{title}</span>
        {says !== undefined && <span className={`small muted ${css.says}`}>{says}</span>}
      </summary>
      {open && <div className={css.inside}>{children}</div>}
    </details>
  );
}
