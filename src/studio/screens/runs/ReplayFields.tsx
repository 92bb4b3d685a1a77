/** How many samples of the old data stay, how much of each batch they are, and whether every class keeps as many. */
import { Checkbox, NumberInput, Slider } from '@mantine/core';
import type { DatasetSummary } from '../../../workers/api.ts';
import { useT } from '../../i18n/index.ts';

export interface ReplayChoice {
  on: boolean;
  samples: number;
  share: number;
  byClass: boolean;
}

interface Props {
  old: DatasetSummary;
  value: ReplayChoice;
  onChange: (value: ReplayChoice) => void;
}

export function ReplayFields({ old, value, onChange }: Props) {
  const t = useT();
  const set = (change: Partial<ReplayChoice>) => onChange({ ...value, ...change });
  const most = Math.max(1, old.splits.train);
  return (
    <>
      <Checkbox
        label={t('onward.replay')}
        description={t('onward.replay.help', { name: old.name })}
        checked={value.on}
        onChange={(event) => set({ on: event.currentTarget.checked })}
      />
      {value.on && (
        <div className="row wrap" style={{ paddingInlineStart: 30, gap: 24, alignItems: 'flex-start' }}>
          <NumberInput
            label={t('onward.samples')}
            description={t('onward.samples.of', { count: most })}
            inputWrapperOrder={['label', 'input', 'description']}
            value={value.samples}
            min={1}
            max={most}
            w={150}
            allowDecimal={false}
            clampBehavior="strict"
            onChange={(samples) => typeof samples === 'number' && samples >= 1 && set({ samples })}
          />
          <div className="grow" style={{ minWidth: 180 }}>
            <div className="small" id="replay-share">
              {t('onward.share')}: {t.percent(value.share)}
            </div>
            <Slider
              aria-labelledby="replay-share"
              thumbLabel={t('onward.share')}
              mt={10}
              min={0.1}
              max={0.9}
              step={0.05}
              label={t.percent}
              value={value.share}
              onChange={(share) => set({ share })}
            />
          </div>
          {old.target?.kind === 'class' && (
            <Checkbox
              mt={24}
              label={t('onward.byClass')}
              checked={value.byClass}
              onChange={(event) => set({ byClass: event.currentTarget.checked })}
            />
          )}
        </div>
      )}
    </>
  );
}
