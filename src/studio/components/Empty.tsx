/** What an area says while it is empty: what will appear there, and the button that makes it appear. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

export function Empty(props: {
  icon: ReactNode;
  title: string;
  body: string;
  action?: { label: string; run: () => void; primary?: boolean };
  /** A second way on, beside the action. */
  second?: ReactNode;
}) {
  return (
    <div
      className="stack"
      style={{ alignItems: 'center', textAlign: 'center', padding: '48px 24px', gap: 10 }}
    >
      <span className="muted" aria-hidden>
        {props.icon}
      </span>
      <h2>{props.title}</h2>
      <p className="muted" style={{ maxWidth: 460 }}>
        {props.body}
      </p>
      <div className="row wrap" style={{ justifyContent: 'center', marginTop: 6 }}>
        {props.action && (
          <Button variant={props.action.primary ? 'filled' : 'default'} onClick={props.action.run}>
            {props.action.label}
          </Button>
        )}
        {props.second}
      </div>
    </div>
  );
}
