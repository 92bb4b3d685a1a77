/** The open run's model; a block that is chosen is watched by the histogram panel, tinted by how hard it is pulled. */
import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Diagram } from '../../../workers/api.ts';
import { cssOf, sequential } from '../../charts/colors.ts';
import { useT } from '../../i18n/index.ts';
import { DiagramDrawing, type Tint } from '../../screens/model/DiagramDrawing.tsx';
import { blockNorms } from '../../state/blockNorms.ts';
import { examined } from '../../state/examined.ts';
import { showPanel } from '../../state/layout.ts';
import { session } from '../../state/session.ts';
import { useTokens } from '../../theme/useTokens.ts';
import type { PanelProps } from '../panel.ts';
import css from './diagram.module.css';

type Block = Diagram['blocks'][number];

export function DiagramPanel({ settings }: PanelProps) {
  const t = useT();
  const { examination } = useStore(examined);
  const [chosen, setChosen] = useState<string>();
  const tint = useTint(settings['color'] !== 'none');
  if (!examination) return null;
  const { diagram, parameters } = examination;
  const block = diagram.blocks.find(({ id }) => id === chosen);
  const parts = diagram.blocks.filter(({ parent }) => parent !== undefined && parent === chosen);
  return (
    <div className={css.whole}>
      <DiagramDrawing
        diagram={diagram}
        parameters={parameters}
        chosen={chosen}
        tint={tint}
        onChoose={(id) => {
          setChosen(id);
          const query = queryOf(diagram.blocks.find((one) => one.id === id));
          if (query) watch(query);
        }}
      />
      <div className={css.watch} aria-live="polite">
        {block ? (
          <>
            <code>{block.id}</code>
            {queryOf(block) ? (
              [block, ...parts].map((one) => <Watch key={one.id} block={one} own={one === block} />)
            ) : (
              <span className="muted small">{t('diagram.input')}</span>
            )}
          </>
        ) : (
          <span className="muted small">{t('diagram.hint')}</span>
        )}
      </div>
    </div>
  );
}

function Watch({ block, own }: { block: Block; own: boolean }) {
  const t = useT();
  const query = queryOf(block);
  if (!query) return null;
  const name = own ? '' : block.label;
  const choices: [string, string][] = [
    ...(block.output ? [[t('diagram.values'), block.id] satisfies [string, string]] : []),
    ...(block.output ? [[t('diagram.gradient'), `${block.id}:grad`] satisfies [string, string]] : []),
    ...(block.parameters > 0
      ? [[t('diagram.weights'), `${block.id}:weight`] satisfies [string, string]]
      : []),
  ];
  return (
    <span className={css.choices}>
      {name && <span className="muted small">{name}</span>}
      {choices.map(([label, asked]) => (
        <Button
          key={asked}
          size="compact-xs"
          variant="default"
          aria-label={`${block.id}: ${label}`}
          onClick={() => watch(asked)}
        >
          {label}
        </Button>
      ))}
    </span>
  );
}

/** What the histogram panel is asked for a block; nothing for the data itself. */
function queryOf(block?: Block): string | undefined {
  if (!block || block.kind === 'input') return undefined;
  return block.output ? block.id : `${block.id}:weight`;
}

function watch(query: string): void {
  const id = showPanel('histogram', 6, 10, { query });
  // The panel may only be there after the next drawing.
  setTimeout(() => document.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: 'nearest' }), 50);
}

/** Gradient norms over a logarithmic scale, from the blocks inside of what is drawn. */
function useTint(wanted: boolean): ((id: string) => Tint | undefined) | undefined {
  const t = useT();
  const tokens = useTokens();
  const run = useStore(session, (state) => state.run);
  const norms = useStore(blockNorms);
  return useMemo(() => {
    if (!wanted || norms.run !== run) return undefined;
    const known = norms.blocks.filter(
      ({ gradient = 0 }) => gradient > 0 && gradient < Number.POSITIVE_INFINITY,
    );
    const logs = known.map(({ gradient = 1 }) => Math.log10(gradient));
    const [low, high] = [Math.min(...logs), Math.max(...logs)];
    const ramp = sequential(tokens.scheme);
    return (id) => {
      const inside = known.filter(({ block }) => block === id || block.startsWith(`${id}.`));
      if (inside.length === 0) return undefined;
      const norm = Math.hypot(...inside.map(({ gradient = 0 }) => gradient));
      const share = Math.min(1, Math.max(0, (Math.log10(norm) - low) / (high - low || 1)));
      return { color: cssOf(ramp(share)), said: t('diagram.norm', { value: t.number(norm) }) };
    };
  }, [wanted, run, norms, tokens, t]);
}
