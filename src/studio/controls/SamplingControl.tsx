/** What a step draws: ratios between groups with a preview of a batch, a curriculum by running loss, and batches of samples that have the same modalities. */
import { Button, SegmentedControl, Switch } from '@mantine/core';
import type { Sampling } from '../../core/controls.ts';
import { pacing } from '../../core/pacing.ts';
import { api } from '../app/api.ts';
import { FieldsForm } from '../components/FieldsForm.tsx';
import { useT } from '../i18n/index.ts';
import { modalityName } from '../panels/modalityName.ts';
import { useAsync } from '../screens/inspect/useAsync.ts';
import { type Controlled, errorAt, setTraining } from './controlled.ts';
import css from './controls.module.css';
import { RatioTable } from './RatioTable.tsx';
import { curriculumFields, usualCurriculum } from './samplingFields.ts';

const ways = ['natural', 'modalities', 'class', 'source'] as const;

export function SamplingControl(controlled: Controlled) {
  const t = useT();
  const { recipe, dataset, from = () => 0 } = controlled;
  const { sampling = {}, steps, batch } = recipe.training;
  const { ratios, curriculum, alike = false } = sampling;
  const { data, encoders } = recipe;
  const key = dataset && JSON.stringify([dataset.id, data.split, Object.keys(encoders)]);
  const { value: groups } = useAsync(key, () => api().data.groups(dataset!.id, { data, encoders }));
  const error = errorAt(controlled, 'training.sampling');
  const put = (change: Partial<Sampling>) => {
    const next: Sampling = { ...sampling, ...change };
    const says = next.ratios ?? next.curriculum ?? next.alike;
    setTraining(controlled, { sampling: says ? plain(next) : undefined });
  };
  // Fewer than two groups are nothing to keep a ratio between.
  const tells = (by: (typeof ways)[number]) =>
    by === 'natural' || by === ratios?.by || (groups?.[by]?.length ?? 0) > 1;
  const named = (name: string) =>
    name
      .split('+')
      .map((modality) => modalityName(t, modality))
      .join(' + ');
  const mixed = (groups?.modalities.length ?? 0) > 1;
  return (
    <>
      {error && <p className={css.mistake}>{error}</p>}
      <div className={css.slide}>
        <strong className="small">{t('sampling.ratios')}</strong>
        <SegmentedControl
          size="xs"
          aria-label={t('sampling.ratios')}
          value={ratios?.by ?? 'natural'}
          data={ways.map((value) => ({ value, label: t(`sampling.by.${value}`), disabled: !tells(value) }))}
          onChange={(value) => {
            const by = ways.find((way) => way === value);
            if (by) put({ ratios: by === 'natural' ? undefined : { by, shares: {} } });
          }}
        />
        <span className="small muted">
          {t(dataset ? (ratios ? 'sampling.ratios.help' : 'sampling.natural.help') : 'sampling.noData')}
        </span>
        {ratios && (
          <RatioTable
            groups={groups?.[ratios.by] ?? []}
            shares={ratios.shares}
            batch={batch}
            label={ratios.by === 'modalities' ? named : String}
            onChange={(shares) => put({ ratios: { ...ratios, shares } })}
          />
        )}
      </div>
      <div className={css.slide}>
        <Switch
          label={t('sampling.curriculum')}
          description={t('sampling.curriculum.help')}
          checked={curriculum !== undefined}
          onChange={(event) =>
            put({ curriculum: event.currentTarget.checked ? usualCurriculum(steps, from()) : undefined })
          }
        />
        {curriculum && (
          <>
            <FieldsForm
              fields={curriculumFields}
              values={curriculum}
              onChange={(field, value) => put({ curriculum: { ...curriculum, [field]: value } })}
            />
            <p className="small muted">
              {pacing(curriculum, (curriculum.from ?? 0) + curriculum.refresh) >= 1
                ? t('sampling.curriculum.idle')
                : t('sampling.curriculum.says', {
                    first: (curriculum.from ?? 0) + curriculum.refresh,
                    share: t.percent(pacing(curriculum, (curriculum.from ?? 0) + curriculum.refresh)),
                    all: (curriculum.from ?? 0) + curriculum.steps,
                  })}
            </p>
          </>
        )}
      </div>
      <Switch
        label={t('sampling.alike')}
        description={t(mixed || !dataset ? 'sampling.alike.help' : 'sampling.alike.idle')}
        checked={alike}
        disabled={!alike && dataset !== undefined && !mixed}
        onChange={(event) => put({ alike: event.currentTarget.checked || undefined })}
      />
      {(ratios || curriculum || alike) && (
        <Button
          size="compact-xs"
          variant="default"
          style={{ alignSelf: 'flex-start' }}
          onClick={() => setTraining(controlled, { sampling: undefined })}
        >
          {t('sampling.none')}
        </Button>
      )}
    </>
  );
}

/** Without what is not set. */
const plain = ({ ratios, curriculum, alike }: Sampling): Sampling => ({
  ...(curriculum && { curriculum }),
  ...(ratios && { ratios }),
  ...(alike && { alike }),
});
