/** The panels in their order on a 12-column grid. F makes the panel in focus fill the window, Escape ends it. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useT } from '../i18n/index.ts';
import { register } from '../state/commands.ts';
import { layout, removePanel } from '../state/layout.ts';
import { useOpenRecipe } from '../state/openRun.ts';
import { panelOf } from './index.ts';
import { PanelFrame } from './PanelFrame.tsx';
import css from './panels.module.css';

/** The panel that holds the focus, else the one under the pointer. */
const inHand = () =>
  (
    document.activeElement?.closest<HTMLElement>('[data-panel]') ??
    document.querySelector<HTMLElement>('[data-panel]:hover')
  )?.dataset['id'];

export function PanelGrid() {
  const t = useT();
  const items = useStore(layout, (state) => state.items);
  const recipe = useOpenRecipe();
  const [full, setFull] = useState<string>();
  const [target, setTarget] = useState<number>();
  useEffect(
    () =>
      register({
        id: 'panel.full',
        label: 'train.panel.full',
        group: 'view',
        shortcut: 'f',
        run: () => setFull((open) => (open ? undefined : inHand())),
      }),
    [],
  );
  useEffect(() => {
    if (!full) return;
    const keys = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      if (event.key === 'Escape') setFull(undefined);
    };
    window.addEventListener('keydown', keys);
    return () => window.removeEventListener('keydown', keys);
  }, [full]);
  return (
    <div className={css.container}>
      <div className={css.grid}>
        {items.map((item, index) => {
          const panel = panelOf(item.panel);
          if (panel?.suits && !(recipe && panel.suits(recipe))) return null;
          // A layout kept by another version of the page may name a panel that this one lacks.
          if (!panel)
            return (
              <section key={item.id} className={`card ${css.panel}`} aria-label={item.panel}>
                <p className={css.empty}>
                  {t('train.panel.unknown', { panel: item.panel })}{' '}
                  <button type="button" className={css.token} onClick={() => removePanel(item.id)}>
                    {t('train.panel.remove')}
                  </button>
                </p>
              </section>
            );
          return (
            <PanelFrame
              key={item.id}
              item={item}
              panel={panel}
              index={index}
              full={full === item.id}
              onFull={(open) => setFull(open ? item.id : undefined)}
              target={target === index}
              onDragOver={setTarget}
            />
          );
        })}
      </div>
    </div>
  );
}
