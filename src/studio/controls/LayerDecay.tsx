/** How much slower early blocks of an encoder learn. */
import { NumberInput } from '@mantine/core';
import { useT } from '../i18n/index.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';

export function LayerDecay(controlled: Controlled) {
  const t = useT();
  return (
    <NumberInput
      label={t('control.layerDecay')}
      description={t('control.layerDecay.help')}
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      error={errorAt(controlled, 'training.layerDecay')}
      value={controlled.recipe.training.layerDecay ?? 1}
      min={0.1}
      max={1}
      step={0.05}
      clampBehavior="blur"
      onChange={(next) =>
        typeof next === 'number' && setTraining(controlled, { layerDecay: next === 1 ? undefined : next })
      }
    />
  );
}
