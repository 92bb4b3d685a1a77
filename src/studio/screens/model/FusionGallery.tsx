/**
 * The fusion methods as cards: what each does, drawn in the recipe's modalities, its paper, and what this recipe would cost with it,
 * beside the others. The engine is asked only while the gallery is in view.
 */
import { useInViewport } from '@mantine/hooks';
import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { errorText } from '../../../core/errorTexts.ts';
import { reportError } from '../../app/report.tsx';
import { FieldsForm } from '../../components/FieldsForm.tsx';
import { OptionCards } from '../../components/OptionCards.tsx';
import { useT } from '../../i18n/index.ts';
import { askCosts, type Cost, candidates } from '../../state/candidates.ts';
import { recipeStore } from '../../state/recipe.ts';
import { FusionDrawing } from './diagrams/FusionDrawing.tsx';
import { type Editing, setAt } from './editing.ts';
import { fusionMisfit, replaced } from './fits.ts';
import css from './Model.module.css';
import { problemsIn } from './problems.ts';
import { Section } from './Section.tsx';
import { misfitText } from './sentences.ts';

export function FusionGallery({ recipe, catalog, dataset, problems }: Editing) {
  const t = useT();
  const { ref, inViewport } = useInViewport();
  const { costs } = useStore(candidates);
  const examining = useStore(recipeStore, (state) => state.examining);
  const { fusion } = recipe;
  // A recipe that is wrong elsewhere costs nothing with any fusion.
  const blocked = problems.some(({ section }) => section !== 'fusion');
  const entry = catalog.fusions.find(({ type }) => type === fusion.type);
  const options = useMemo(
    () =>
      catalog.fusions.map((one) => ({
        entry: one,
        misfit: fusionMisfit(one, recipe, catalog),
        recipe:
          one.type === recipe.fusion.type ? recipe : { ...recipe, fusion: replaced(one, recipe.fusion) },
      })),
    [recipe, catalog],
  );
  useEffect(() => {
    // The recipe itself comes first; what others would cost can wait until nothing has changed for a while.
    if (!inViewport || examining || blocked) return;
    const fitting = options.filter(({ misfit }) => !misfit);
    const asked = fitting.map(({ entry: { type }, recipe: candidate }) => ({ type, recipe: candidate }));
    const timer = setTimeout(() => askCosts(asked, dataset?.id).catch(reportError), 400);
    return () => clearTimeout(timer);
  }, [options, dataset?.id, inViewport, examining, blocked]);
  const largest = {
    parameters: Math.max(1, ...Object.values(costs).map(({ parameters }) => parameters)),
    flopsPerStep: Math.max(1, ...Object.values(costs).map(({ flopsPerStep }) => flopsPerStep)),
    dispatchesPerStep: Math.max(1, ...Object.values(costs).map(({ dispatchesPerStep }) => dispatchesPerStep)),
  };
  const { errors, others } = problemsIn(problems, 'fusion', entry?.fields.map(({ key }) => key) ?? []);
  return (
    <Section id="fusion" title={t('model.section.fusion')} modality="fused" problems={others}>
      <p className="muted small">{t('model.fusion.lead')}</p>
      <div ref={ref}>
        <OptionCards
          label={t('model.section.fusion')}
          value={fusion.type}
          options={options.map(({ entry: { type, title, summary, source }, misfit }) => {
            const cost = blocked ? undefined : costs[type];
            const problem = cost?.problems[0];
            const trouble = problem && errorText(problem.code, problem.params, t.locale).body;
            return {
              value: type,
              title: t.pick(title),
              summary: t.pick(summary),
              source,
              diagram: <FusionDrawing type={type} modalities={Object.keys(recipe.encoders)} />,
              misfit: misfit ? misfitText(t, misfit) : trouble,
              children:
                misfit || trouble ? undefined : <Costs cost={cost} largest={largest} waiting={!blocked} />,
            };
          })}
          onChange={(type) => {
            const chosen = catalog.fusions.find((one) => one.type === type);
            if (chosen) setAt(recipe, ['fusion'], replaced(chosen, fusion));
          }}
        />
      </div>
      {entry && (
        <FieldsForm
          fields={entry.fields}
          values={fusion}
          errors={errors}
          onChange={(key, value) => setAt(recipe, ['fusion', key], value)}
        />
      )}
    </Section>
  );
}

const figures = [
  ['parameters', 'model.cost.parameters'],
  ['flopsPerStep', 'model.cost.work'],
  ['dispatchesPerStep', 'model.cost.kernels'],
] as const;

interface CostsProps {
  cost?: Cost;
  /** The most of each figure among the candidates. */
  largest: Record<(typeof figures)[number][0], number>;
  /** Whether a cost is still to come. */
  waiting: boolean;
}

function Costs({ cost, largest, waiting }: CostsProps) {
  const t = useT();
  return (
    <dl className={css.costs} aria-busy={!cost && waiting}>
      {figures.map(([key, label]) => (
        <div key={key}>
          <dt className="muted">{t(label)}</dt>
          <dd className="number">{cost ? t.compact(cost[key]) : waiting ? '…' : '–'}</dd>
          <i aria-hidden style={{ width: `${cost ? (100 * cost[key]) / largest[key] : 0}%` }} />
        </div>
      ))}
    </dl>
  );
}
