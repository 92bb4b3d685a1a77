/** Try the model: what it can do decides what is offered. Works while it trains, with the weights of that moment. */
import { SegmentedControl } from '@mantine/core';
import { IconFlask2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Recipe } from '../../../core/recipe.ts';
import { goTo } from '../../app/navigate.ts';
import { ContinueRun } from '../../components/ContinueRun.tsx';
import { Empty } from '../../components/Empty.tsx';
import { useT } from '../../i18n/index.ts';
import '../../i18n/texts/try.ts';
import { contrasts } from '../../panels/fits.ts';
import { recipeStore } from '../../state/recipe.ts';
import { runs } from '../../state/runs.ts';
import { hasModel, session } from '../../state/session.ts';
import { Ask } from './Ask.tsx';
import { Search } from './Search.tsx';

type Mode = 'ask' | 'question' | 'write' | 'words' | 'picture';

/** What a model of this recipe can be asked. */
function modesOf(recipe: Recipe, predicts: (type: string) => boolean): Mode[] {
  const has = (type: string) => recipe.objectives.some((part) => part.type === type);
  const { image, text } = recipe.encoders;
  return [
    ...(has('vqa')
      ? (['question'] as const)
      : recipe.objectives.some(({ type }) => predicts(type))
        ? (['ask'] as const)
        : []),
    ...(has('captioning') ? (['write'] as const) : []),
    ...(contrasts(recipe) && image && text ? (['words', 'picture'] as const) : []),
  ];
}

export function Try() {
  const t = useT();
  const status = useStore(session);
  const run = useStore(runs, (state) => state.list.find(({ id }) => id === status.run));
  const catalog = useStore(recipeStore, (state) => state.catalog);
  const [wanted, setMode] = useState<Mode>();
  if (!hasModel(status) || !status.dataset || !run)
    return (
      <div className="screen">
        <Empty
          icon={<IconFlask2 size={36} stroke={1.3} />}
          title={t('try.none.title')}
          body={t('try.none.body')}
          action={{ label: t('try.none.button'), run: () => goTo('start'), primary: true }}
          second={<ContinueRun />}
        />
      </div>
    );
  const { dataset } = status;
  const modes = modesOf(
    run.recipe,
    (type) => catalog?.objectives.find((one) => one.type === type)?.wants?.target !== undefined,
  );
  const mode = modes.find((one) => one === wanted) ?? modes[0];
  return (
    <div className="screen">
      <header>
        <h1>{t('try.title')}</h1>
        <p className="muted">{mode ? t(`try.lead.${mode}`) : t('try.nothing')}</p>
      </header>
      {modes.length > 1 && (
        <div>
          <SegmentedControl
            aria-label={t('try.title')}
            value={mode}
            onChange={(value) => setMode(modes.find((one) => one === value))}
            data={modes.map((value) => ({ value, label: t(`try.mode.${value}`) }))}
          />
        </div>
      )}
      {(mode === 'words' || mode === 'picture') && <Search key={mode} dataset={dataset} mode={mode} />}
      {(mode === 'ask' || mode === 'question' || mode === 'write') && (
        <Ask key={`${run.id} ${mode}`} run={run} dataset={dataset} mode={mode} />
      )}
    </div>
  );
}
