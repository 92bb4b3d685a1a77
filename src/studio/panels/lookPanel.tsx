/**
 * A panel that looks at the model: what it asks (training/look), and how it shows the answer. From that come the asking – while it is on screen, as
 * training goes on, or once for a saved step –, a run beside the open one, the age of what is seen, errors and their remedy.
 */
import { Button } from '@mantine/core';
import { type ComponentType, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { defaults, type FieldValues } from '../../core/fields.ts';
import type { Looked, Moment, PinnedSample } from '../../workers/api.ts';
import { ErrorText } from '../app/report.tsx';
import type { Table } from '../charts/download.ts';
import { type Translate, useT } from '../i18n/index.ts';
import { Looking } from '../state/looking.ts';
import { pinned } from '../state/pinned.ts';
import { runs } from '../state/runs.ts';
import { hasModel, session } from '../state/session.ts';
import { viewing } from '../state/viewing.ts';
import { type View, views } from '../state/views.ts';
import { definePanel, type Panel, type PanelProps } from './panel.ts';
import css from './panels.module.css';
import { useVersion } from './useVersion.ts';

export interface LookProps<R> extends PanelProps {
  result: R;
  /** Steps that the weights had learned. */
  step: number;
  run: string;
  dataset: string;
  /** The pinned sample. */
  sample: PinnedSample;
}

interface LookPanel<O, R>
  extends Omit<Panel, 'Body' | 'draw' | 'watch' | 'version' | 'hasData' | 'last' | 'table'> {
  /** Options of the look; another is asked when they change. */
  question: (settings: FieldValues, pinned: PinnedSample) => O;
  ask: (options: O, at?: Moment) => Promise<Looked<R | undefined>>;
  /** Least milliseconds between two looks while training. */
  interval?: number;
  Body: ComponentType<LookProps<R>>;
  table: (result: R, settings: FieldValues, t: Translate) => Table;
}

/** How often it is seen whether something must be asked, milliseconds. */
const tick = 200;

const shownViews = (): View[] => views(session.getState(), viewing.getState(), runs.getState().list);

/** What a panel's looks have seen, and the next one to ask. */
class Source<O, R> {
  private readonly panel: LookPanel<O, R>;
  readonly looking = new Looking<R | undefined>();
  readonly version = () => this.looking.version;

  constructor(panel: LookPanel<O, R>) {
    this.panel = panel;
  }

  /** With the defaults of what was not set. */
  filled(settings: FieldValues): FieldValues {
    return { ...defaults(this.panel.fields), ...settings };
  }

  private options(settings: FieldValues): O {
    return this.panel.question(this.filled(settings), pinned.getState());
  }

  key(settings: FieldValues, { run, at }: View): string {
    return JSON.stringify([run, at ?? 'now', this.options(settings) ?? null]);
  }

  /** The answer; that to the question before, until it comes. */
  seen(settings: FieldValues, view: View) {
    return this.looking.shown(this.key(settings, view), view.run);
  }

  ask(settings: FieldValues, view: View): void {
    const options = this.options(settings);
    void this.looking.ask(this.key(settings, view), view.run, () => this.panel.ask(options, view.at));
  }

  /** Asks what is not known, and what has changed since. */
  refresh(settings: FieldValues, view: View): void {
    const { state, step } = session.getState();
    const place = this.looking.place(this.key(settings, view));
    if (place?.pending || place?.error) return;
    const { answer } = place ?? {};
    if (answer) {
      const changed = view.at === undefined && answer.step !== step;
      const soon = state === 'running' && performance.now() - answer.at < (this.panel.interval ?? 1000);
      if (!changed || soon) return;
    }
    this.ask(settings, view);
  }
}

interface Shared<O, R> {
  source: Source<O, R>;
}

/** Asks while the panel is on screen, and tells what went wrong. */
function LookWatch<O, R>({ source, settings }: PanelProps & Shared<O, R>) {
  const place = useRef<HTMLDivElement>(null);
  const t = useT();
  useVersion(source.version);
  const errors = useShownViews().flatMap((view) => {
    const key = source.key(settings, view);
    const error = source.looking.place(key)?.error;
    return error ? [{ key, error, view }] : [];
  });
  const latest = useRef(settings);
  useEffect(() => {
    latest.current = settings;
  });
  useEffect(() => {
    let visible = false;
    const observer = new IntersectionObserver(([entry]) => {
      visible = entry.isIntersecting;
    });
    // The panel's own box: this one is empty.
    const box = place.current?.closest('section');
    if (box) observer.observe(box);
    const timer = setInterval(() => {
      if (!visible || document.hidden || !hasModel(session.getState())) return;
      for (const view of shownViews()) source.refresh(latest.current, view);
    }, tick);
    return () => {
      clearInterval(timer);
      observer.disconnect();
    };
  }, [source]);
  return (
    <div ref={place}>
      {errors.map(({ key, error, view }) => (
        <div key={key} role="alert" className={css.lookError}>
          <ErrorText error={error} />
          <Button size="compact-xs" variant="default" onClick={() => source.ask(settings, view)}>
            {t('train.look.again')}
          </Button>
        </div>
      ))}
    </div>
  );
}

interface ShownProps<O, R> extends PanelProps, Shared<O, R> {
  Body: ComponentType<LookProps<R>>;
}

function LookView<O, R>({ source, Body, settings, set, view }: ShownProps<O, R> & { view: View }) {
  const dataset = useStore(session, (state) => state.dataset);
  const sample = useStore(pinned);
  const answer = source.seen(settings, view);
  if (answer?.result === undefined || !dataset) return null;
  // What is shown answers another question until this one is answered.
  const busy = source.looking.place(source.key(settings, view))?.answer === undefined;
  return (
    <div className={css.look} aria-busy={busy}>
      <Body
        settings={source.filled(settings)}
        set={set}
        result={answer.result}
        step={answer.step}
        run={view.run}
        dataset={dataset}
        sample={sample}
      />
    </div>
  );
}

/** The answer of the open run, or one beside the other. */
function LookViews<O, R>(props: ShownProps<O, R>) {
  const { source, settings } = props;
  useVersion(source.version);
  const t = useT();
  const shown = useShownViews();
  const list = useStore(runs, (state) => state.list);
  if (shown.length === 1) return <LookView {...props} view={shown[0]} />;
  return (
    <div className={css.besides}>
      {shown.map((view) => {
        const answer = source.seen(settings, view);
        const name = list.find(({ id }) => id === view.run)?.name ?? view.run;
        return (
          <section key={view.run} aria-label={name}>
            <h3 className={css.tower}>{answer ? t('train.look.run', { name, step: answer.step }) : name}</h3>
            <LookView {...props} view={view} />
          </section>
        );
      })}
    </div>
  );
}

function useShownViews(): View[] {
  // A status comes with every step: only what decides the views is listened to.
  const run = useStore(session, (state) => state.run);
  const dataset = useStore(session, (state) => state.dataset);
  const moment = useStore(viewing);
  const list = useStore(runs, (state) => state.list);
  return views({ run, dataset }, moment, list);
}

export function defineLookPanel<O, R>(panel: LookPanel<O, R>): Panel {
  const { question: _, ask: __, interval: ___, Body, table, ...rest } = panel;
  const source = new Source(panel);
  const first = (settings: FieldValues) => {
    const [view] = shownViews();
    return view && source.seen(settings, view);
  };
  return definePanel({
    ...rest,
    draw: (props) => <LookViews {...props} source={source} Body={Body} />,
    watch: (props) => <LookWatch {...props} source={source} />,
    version: () => `${source.version()} ${JSON.stringify(viewing.getState())}`,
    hasData: (settings) => shownViews().some((view) => source.seen(settings, view)?.result !== undefined),
    last: first,
    table: (settings, t) => {
      const result = first(settings)?.result;
      return result === undefined ? { columns: [], rows: [] } : table(result, settings, t);
    },
  });
}
