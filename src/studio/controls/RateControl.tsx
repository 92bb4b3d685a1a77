/** Learning rate, weight decay and clipping. */
import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useT } from '../i18n/index.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';
import css from './controls.module.css';
import { LogSlider } from './LogSlider.tsx';

/** @param now the rate of the last step, where one runs */
export function RateControl({ now, ...controlled }: Controlled & { now?: ReactNode }) {
  const t = useT();
  const { optimizer, clip } = controlled.recipe.training;
  const put = (key: 'rate' | 'weightDecay', value: number) =>
    setTraining(controlled, { optimizer: { ...optimizer, [key]: value } });
  return (
    <>
      <LogSlider
        label={t('control.rate')}
        sliderLabel={t('control.rate.slider')}
        description={
          <>
            {t('control.rate.help')} {now}
          </>
        }
        error={errorAt(controlled, 'training.optimizer.rate')}
        value={Number(optimizer['rate'])}
        powers={[-6, 0]}
        min={0}
        max={10}
        onChange={(rate) => put('rate', rate)}
      />
      <div className={css.pair}>
        <NumberInput
          label={t('control.decay')}
          error={errorAt(controlled, 'training.optimizer.weightDecay')}
          value={Number(optimizer['weightDecay'])}
          min={0}
          max={1}
          step={0.01}
          clampBehavior="blur"
          onChange={(next) => typeof next === 'number' && put('weightDecay', next)}
        />
        <NumberInput
          label={t('control.clip')}
          description={t('control.clip.help')}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          error={errorAt(controlled, 'training.clip')}
          value={clip}
          min={0}
          step={0.5}
          clampBehavior="blur"
          onChange={(next) => typeof next === 'number' && setTraining(controlled, { clip: next })}
        />
      </div>
    </>
  );
}
