/** The running average of the weights (Polyak & Juditsky 1992; as EMA in today's training scripts): its decay. */
import { Button, NumberInput } from '@mantine/core';
import { useT } from '../i18n/index.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';

const usual = [0, 0.99, 0.999, 0.9999];

export function AverageControl(controlled: Controlled) {
  const t = useT();
  const { average = 0 } = controlled.recipe.training;
  const put = (value: number) => setTraining(controlled, { average: value || undefined });
  return (
    <>
      <NumberInput
        label={t('control.average.decay')}
        description={t('control.average.help')}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        error={errorAt(controlled, 'training.average')}
        value={average}
        min={0}
        max={0.99999}
        step={0.001}
        decimalScale={5}
        clampBehavior="blur"
        onChange={(next) => typeof next === 'number' && put(next)}
      />
      <span className="row wrap">
        {usual.map((value) => (
          <Button
            key={value}
            size="compact-xs"
            variant={average === value ? 'filled' : 'default'}
            aria-pressed={average === value}
            onClick={() => put(value)}
          >
            {value || t('control.off')}
          </Button>
        ))}
      </span>
    </>
  );
}
