/** What a new run would take from the weights of another, part by part, asked anew when the recipe changes; or why nothing fits. */
import { useEffect, useRef, useState } from 'react';
import { asStudioError, type StudioError } from '../../../core/errors.ts';
import { errorText } from '../../../core/errorTexts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { type TakenPart, takenTexts } from '../../../core/taken.ts';
import { api } from '../../app/api.ts';
import { useT } from '../../i18n/index.ts';

interface Props {
  recipe: Recipe;
  dataset: string;
  run: string;
  step: number;
}

export function Taken({ recipe, dataset, run, step }: Props) {
  const t = useT();
  const [found, setFound] = useState<TakenPart[]>();
  const [error, setError] = useState<StudioError>();
  // Only what decides shapes is asked about again.
  const { encoders, fusion, objectives, data, training } = recipe;
  const key = JSON.stringify([encoders, fusion, objectives, data, training.adapters, dataset, run, step]);
  const ask = useRef(() => api().engine.startPlan(recipe, dataset, { run, step }));
  useEffect(() => {
    ask.current = () => api().engine.startPlan(recipe, dataset, { run, step });
  });
  useEffect(() => {
    if (!key) return;
    let current = true;
    ask.current().then(
      (parts) => {
        if (!current) return;
        setFound(parts);
        setError(undefined);
      },
      (cause) => current && setError(asStudioError(cause)),
    );
    return () => {
      current = false;
    };
  }, [key]);
  const text = error && errorText(error.code, error.params, t.locale);
  return (
    <section className="small" aria-live="polite">
      <strong>{t('onward.taken')}</strong>
      {text ? (
        <p className="bad">
          {text.title}: {text.body} {text.action}
        </p>
      ) : (
        <TakenList parts={found} />
      )}
    </section>
  );
}

export function TakenList({ parts }: { parts?: readonly TakenPart[] }) {
  const t = useT();
  if (!parts) return <p className="muted">{t('onward.taken.asking')}</p>;
  return (
    <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>
      {takenTexts(parts, t.locale).map((text) => (
        <li key={text} style={{ overflowWrap: 'anywhere' }}>
          {text}
        </li>
      ))}
    </ul>
  );
}
