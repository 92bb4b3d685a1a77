/** What may change during a run, as it is set from its start: parts, dropout, balance, running average; and adapters and cached contrast. Folded away. */
import { useStore } from 'zustand';
import { AverageControl } from '../../controls/AverageControl.tsx';
import { BalanceControl } from '../../controls/BalanceControl.tsx';
import { errorAt } from '../../controls/controlled.ts';
import { DropControl } from '../../controls/DropControl.tsx';
import { Fold } from '../../controls/Fold.tsx';
import { LayerDecay } from '../../controls/LayerDecay.tsx';
import { PartsTable } from '../../controls/PartsTable.tsx';
import { Presets } from '../../controls/Presets.tsx';
import { SamplingControl } from '../../controls/SamplingControl.tsx';
import { settingsSay } from '../../controls/settingsSay.ts';
import { useT } from '../../i18n/index.ts';
import { contrasts } from '../../panels/fits.ts';
import { recipeStore, setRecipe } from '../../state/recipe.ts';
import { Adapters } from './Adapters.tsx';
import { Cached } from './Cached.tsx';
import type { Editing } from './editing.ts';
import { controlSection, errorsIn } from './problems.ts';
import { Section } from './Section.tsx';
import { useKept } from './useKept.ts';

export function Control({ recipe, catalog, dataset, problems }: Editing) {
  const t = useT();
  // A recipe with a mistake has no sizes; those of before still name its parts.
  const sizes = useKept(useStore(recipeStore, ({ examination }) => examination?.sizes));
  const errors = errorsIn(problems, controlSection);
  const controlled = { recipe, set: setRecipe, catalog, sizes, dataset, errors };
  const says = settingsSay(t, controlled);
  const wrong = (path: string) => errorAt(controlled, path) !== undefined;
  const { adapters = [], cached = false, accumulate = 1 } = recipe.training;
  return (
    <Section id={controlSection} title={t('model.section.control')}>
      <p className="small muted">{t('model.control.lead')}</p>
      <Presets {...controlled} />
      <div>
        <Fold
          title={t('control.parts')}
          says={says.parts}
          wrong={wrong('training.groups') || wrong('training.layerDecay')}
        >
          <PartsTable {...controlled} />
          <LayerDecay {...controlled} />
        </Fold>
        <Fold title={t('control.drop')} says={says.drop} wrong={wrong('training.drop')}>
          <DropControl {...controlled} />
        </Fold>
        <Fold title={t('control.balance')} says={says.balance} wrong={wrong('training.balance')}>
          <BalanceControl {...controlled} />
        </Fold>
        <Fold title={t('sampling.title')} says={says.sampling} wrong={wrong('training.sampling')}>
          <SamplingControl {...controlled} />
        </Fold>
        <Fold title={t('control.average')} says={says.average} wrong={wrong('training.average')}>
          <AverageControl {...controlled} />
        </Fold>
        <Fold
          title={t('control.adapters')}
          says={adapters.length ? adapters.map(({ match }) => match).join(', ') : t('control.off')}
          wrong={wrong('training.adapters')}
        >
          <Adapters {...controlled} />
        </Fold>
        <Fold title={t('control.cached')} says={t(cached ? 'control.on' : 'control.off')}>
          <Cached recipe={recipe} useful={contrasts(recipe) && accumulate > 1} />
        </Fold>
      </div>
    </Section>
  );
}
