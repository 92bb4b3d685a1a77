/** What the model says of the chosen sample, beside what the data says; and how the answer changes without one of its modalities. */
import { Chip } from '@mantine/core';
import { useState } from 'react';
import type { Recipe } from '../../../core/recipe.ts';
import { api } from '../../app/api.ts';
import { Answers } from '../../components/Answers.tsx';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import css from './inspect.module.css';
import { useAsync } from './useAsync.ts';

interface Props {
  recipe: Recipe;
  /** Which run, sample and moment: asked again when it changes. */
  subject: string;
  sample: number;
  caption: number;
  /** Modalities that the sample has. */
  having: readonly string[];
  without: readonly string[];
  onWithout: (without: string[]) => void;
  at?: { run: string; step: number };
}

export function Prediction({ recipe, subject, sample, caption, having, without, onWithout, at }: Props) {
  const t = useT();
  const [kept, setKept] = useState<readonly string[]>([]);
  const names = Object.keys(recipe.encoders).filter((name) => having.includes(name));
  const { value, loading } = useAsync(JSON.stringify([subject, without]), async () => {
    const whole = await api().engine.ask({ sample, caption }, at);
    const less =
      without.length > 0 ? await api().engine.ask({ sample, caption, without: [...without] }, at) : whole;
    setKept(without);
    return { whole, less };
  });
  if (value && value.whole.length === 0) return null;
  return (
    <section className={`card ${css.section}`} aria-busy={loading}>
      <div className="row wrap">
        <h2 className="grow">{t('inspect.prediction')}</h2>
        {names.length > 1 &&
          names.map((name) => (
            <Chip
              key={name}
              size="xs"
              variant="outline"
              checked={without.includes(name)}
              // Something must be left to look at.
              disabled={!without.includes(name) && without.length === names.length - 1}
              onChange={(left) =>
                onWithout(left ? [...without, name] : without.filter((one) => one !== name))
              }
            >
              {t('inspect.without', { modality: modalityName(t, name) })}
            </Chip>
          ))}
      </div>
      <div aria-live="polite">
        {value ? (
          <Answers answers={value.less} before={kept.length > 0 ? value.whole : undefined} />
        ) : (
          <p className="muted">{loading ? t('common.loading') : ''}</p>
        )}
      </div>
    </section>
  );
}
