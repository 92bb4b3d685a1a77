/** Checks before a run: each alone or all of them, with what they found and its one click into the recipe. */
import { Button, Progress } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleMinus } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import type { Recipe } from '../../../core/recipe.ts';
import type { CheckEntry, CheckResult, DatasetSummary } from '../../../workers/api.ts';
import { editRecipe } from '../../app/remedies.ts';
import { reportError } from '../../app/report.tsx';
import { FindingItem } from '../../components/FindingItem.tsx';
import { useT } from '../../i18n/index.ts';
import {
  cancelPreflight,
  loadChecks,
  preflight,
  preflightKey,
  startPreflight,
} from '../../state/preflight.ts';
import { session } from '../../state/session.ts';
import css from './Preflight.module.css';

const RangeCurve = lazy(async () => ({ default: (await import('./RangeCurve.tsx')).RangeCurve }));

interface Props {
  recipe: Recipe;
  dataset?: DatasetSummary;
  /** The recipe cannot be trained as it is. */
  wrong: boolean;
}

export function Preflight({ recipe, dataset, wrong }: Props) {
  const t = useT();
  const { checks, job, progress, key, results } = useStore(preflight);
  useEffect(() => {
    loadChecks().catch(reportError);
  }, []);
  const training = useStore(session, ({ state }) => state === 'running' || state === 'compiling');
  const able = dataset !== undefined && !wrong && !job && !training;
  const old =
    Object.keys(results).length > 0 && dataset !== undefined && key !== preflightKey(recipe, dataset.id);
  const start = (only?: string[]) => dataset && void startPreflight(recipe, dataset.id, only);
  const busy = checks.find(({ id }) => id === progress?.id);
  return (
    <section className={`card ${css.preflight}`} aria-label={t('preflight.title')}>
      <header className="row wrap">
        <h2 className="grow">{t('preflight.title')}</h2>
        {job ? (
          <Button size="compact-sm" variant="default" onClick={cancelPreflight}>
            {t('common.cancel')}
          </Button>
        ) : (
          <Button size="compact-sm" variant="default" disabled={!able} onClick={() => start()}>
            {t('preflight.all')}
          </Button>
        )}
      </header>
      <p className="small muted">
        {t(!dataset ? 'preflight.noData' : training ? 'preflight.training' : 'preflight.lead')}
      </p>
      {old && <p className={css.old}>{t('preflight.old')}</p>}
      {job && (
        <div role="status" className="small">
          {busy && t('preflight.busy', { name: t.pick(busy.title) })}
          <Progress
            mt={4}
            size={6}
            value={100 * (progress?.share ?? 0)}
            animated
            aria-label={busy ? t.pick(busy.title) : t('preflight.title')}
          />
        </div>
      )}
      <ul className={css.checks}>
        {checks.map((check) => (
          <Check
            key={check.id}
            check={check}
            result={results[check.id]}
            recipe={recipe}
            run={able ? () => start([check.id]) : undefined}
          />
        ))}
      </ul>
    </section>
  );
}

function Check({
  check,
  result,
  recipe,
  run,
}: {
  check: CheckEntry;
  result?: CheckResult;
  recipe: Recipe;
  run?: () => void;
}) {
  const t = useT();
  const title = t.pick(check.title);
  const skipped = result?.skipped ?? false;
  const line = result?.summary ?? check.about;
  const told = result?.findings.some(({ seen }) => seen.en === line.en) ?? false;
  const fine = result && !skipped && result.findings.length === 0;
  return (
    <li className={css.check}>
      <div className="row">
        <h3 className={`grow ${css.name}`}>
          {fine && <IconCircleCheckFilled size={15} className={css.fine} aria-label={t('preflight.fine')} />}
          {skipped && (
            <IconCircleMinus size={15} className={css.skipped} aria-label={t('preflight.skipped')} />
          )}
          {title}
        </h3>
        <Button
          size="compact-xs"
          variant="subtle"
          disabled={!run}
          onClick={run}
          aria-label={`${t(result ? 'preflight.again' : 'preflight.run')}: ${title}`}
        >
          {t(result ? 'preflight.again' : 'preflight.run')}
        </Button>
      </div>
      {!told && <p className="small muted">{t.pick(line)}</p>}
      {result && <Found result={result} recipe={recipe} />}
    </li>
  );
}

function Found({ result, recipe }: { result: CheckResult; recipe: Recipe }) {
  const t = useT();
  const { findings, examples = [], curve, offer, title } = result;
  return (
    <>
      {examples.length > 0 && (
        <ul className={css.examples}>
          {examples.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {curve && (
        <Suspense>
          <RangeCurve title={t.pick(title)} curve={curve} />
        </Suspense>
      )}
      {findings.map((finding) => (
        <FindingItem
          key={`${finding.key} ${finding.seen.en}`}
          finding={finding}
          untitled
          apply={finding.remedy && (() => editRecipe(recipe, finding.remedy!))}
        />
      ))}
      {offer && !findings.some(({ remedy }) => remedy) && (
        <div>
          <Button size="compact-sm" variant="default" onClick={() => editRecipe(recipe, offer.remedy)}>
            {t.pick(offer.button)}
          </Button>
        </div>
      )}
    </>
  );
}
