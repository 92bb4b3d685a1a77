/** Samples that a rule leaves out, as a strip: the picture or the words, the figure it was judged by, and what it is like. Chosen, one is kept after all. */
import { Tooltip } from '@mantine/core';
import type { DatasetSummary, Example, RuleEntry } from '../../../../workers/api.ts';
import { Thumb } from '../../../components/Thumb.tsx';
import { useT } from '../../../i18n/index.ts';
import { keepSample, leaveSample } from '../../../state/cleaning.ts';
import css from './Cleaning.module.css';

interface Props {
  dataset: DatasetSummary;
  examples: readonly Example[];
  measure?: RuleEntry['measure'];
  /** They are left out, so a person can keep one. */
  decide: boolean;
}

export function Examples({ dataset, examples, measure, decide }: Props) {
  const t = useT();
  const pictured = dataset.storedSize > 0;
  const number = (value: number) => (Number.isInteger(value) ? t.count(value) : t.number(value));
  return (
    <ul className={css.examples} aria-label={t('clean.examples')}>
      {examples.map(({ sample, file, caption, figure, like, back }) => {
        const what = caption ?? file;
        const told = figure !== undefined && measure ? `${number(figure)} ${t.pick(measure)}` : undefined;
        const body = (
          <>
            <span className={css.picture}>
              {pictured ? (
                <Thumb dataset={dataset.id} index={sample} label={what} width={72} />
              ) : (
                <span className={css.words}>{what}</span>
              )}
              {pictured && like !== undefined && (
                <span className={css.like}>
                  <Thumb
                    dataset={dataset.id}
                    index={like}
                    label={t('clean.like', { file: `#${like}` })}
                    width={28}
                  />
                </span>
              )}
            </span>
            <span className={`small number ellipsis ${css.figure}`} data-back={back}>
              {back ? t('clean.kept') : figure !== undefined ? number(figure) : what}
            </span>
          </>
        );
        const label = [file, caption, told].filter(Boolean).join('\n');
        return (
          <li key={sample}>
            <Tooltip
              label={decide ? `${label}\n${t(back ? 'clean.leave' : 'clean.keep')}` : label}
              multiline
              maw={320}
              style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}
            >
              {decide ? (
                <button
                  type="button"
                  className={css.example}
                  aria-label={t(back ? 'clean.leaveNamed' : 'clean.keepNamed', { file })}
                  aria-pressed={back}
                  onClick={() => (back ? leaveSample : keepSample)(sample)}
                >
                  {body}
                </button>
              ) : (
                <span className={css.example}>{body}</span>
              )}
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
