/** Samples that a model pointed at, each with its figure, to be left out or kept. */
import { Button } from '@mantine/core';
import type { DatasetSummary, Suspicions } from '../../../../workers/api.ts';
import { Thumb } from '../../../components/Thumb.tsx';
import { useT } from '../../../i18n/index.ts';
import { keepSample, leaveSample } from '../../../state/cleaning.ts';
import css from './Cleaning.module.css';

interface Props {
  dataset: DatasetSummary;
  pairs: Suspicions['pairs'];
  by: 'loss' | 'image' | 'class';
  /** Samples that are left out by hand. */
  out: readonly number[];
}

export function Suspects({ dataset, pairs, by, out }: Props) {
  const t = useT();
  return (
    <ol className={css.suspects}>
      {pairs.map(({ sample, caption, file, text, target, figure, like }) => {
        const gone = out.includes(sample);
        const what = [text ?? file, target].filter(Boolean).join(' → ');
        return (
          <li key={`${sample} ${caption}`} data-gone={gone}>
            {dataset.storedSize > 0 && (
              <Thumb dataset={dataset.id} index={sample} size={64} width={44} label={what} />
            )}
            {like !== undefined && (
              <Thumb
                dataset={dataset.id}
                index={like}
                size={64}
                width={44}
                label={t('clean.like', { file: `#${like}` })}
              />
            )}
            <span className={css.suspect}>
              <span className="ellipsis" title={what}>
                {what}
              </span>
              <span className="small muted number">
                {t(`clean.figure.${by}`, { figure: t.number(figure) })}
              </span>
            </span>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={t(gone ? 'clean.keepNamed' : 'clean.leaveOutNamed', { file })}
              onClick={() => (gone ? keepSample : leaveSample)(sample)}
            >
              {t(gone ? 'clean.keep' : 'clean.leaveOut')}
            </Button>
          </li>
        );
      })}
    </ol>
  );
}
