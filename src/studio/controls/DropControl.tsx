/** Which share of the samples is trained without each modality. */
import { Button, Slider } from '@mantine/core';
import { ModalityMark } from '../components/Modalities.tsx';
import { useT } from '../i18n/index.ts';
import { modalityName } from '../panels/modalityName.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';
import css from './controls.module.css';

/** Shares that are common. */
const usual = [0, 0.1, 0.15, 0.2];

export function DropControl(controlled: Controlled) {
  const t = useT();
  const { drop = {} } = controlled.recipe.training;
  const modalities = Object.keys(controlled.recipe.encoders);
  const error = errorAt(controlled, 'training.drop');
  const put = (modality: string, share: number) => {
    const next = Object.fromEntries(
      Object.entries({ ...drop, [modality]: share }).filter(([, value]) => value > 0),
    );
    setTraining(controlled, { drop: Object.keys(next).length ? next : undefined });
  };
  if (modalities.length < 2) return <p className="small muted">{t('control.drop.one')}</p>;
  return (
    <>
      <p className="small muted">{t('control.drop.help')}</p>
      {error && <p className={css.mistake}>{error}</p>}
      {modalities.map((modality) => {
        const share = drop[modality] ?? 0;
        const name = modalityName(t, modality);
        return (
          <fieldset key={modality} className={css.share}>
            <legend>
              <ModalityMark modality={modality} /> {name} <b className="number">{t.percent(share)}</b>
            </legend>
            <Slider
              className={css.slider}
              size={4}
              thumbLabel={t('control.drop.of', { modality: name })}
              min={0}
              max={0.5}
              step={0.01}
              label={t.percent}
              value={Math.min(0.5, share)}
              onChange={(value) => put(modality, Number(value.toFixed(2)))}
            />
            <span className="row">
              {usual.map((value) => (
                <Button
                  key={value}
                  size="compact-xs"
                  variant={share === value ? 'filled' : 'default'}
                  aria-pressed={share === value}
                  onClick={() => put(modality, value)}
                >
                  {t.percent(value)}
                </Button>
              ))}
            </span>
          </fieldset>
        );
      })}
    </>
  );
}
