/** The loss: training, validation, each term, and other runs. */
import { defaults } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { runs } from '../state/runs.ts';
import { liveLog } from '../state/session.ts';
import { useTokens } from '../theme/useTokens.ts';
import { comparedField, cutField, logField, smoothingField, xAxisField, xAxisOf } from './fields.ts';
import { termStyle } from './groupStyle.ts';
import { comparedSeries, has, type Line, liveSeries, metricTable, metricVersion } from './metrics.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const fields = [smoothingField(0.6), logField(false), cutField, xAxisField, comparedField];

/** Of the running average of the weights. */
const averaged = 'average.val.loss';

const withPrefix = (start: string) => liveLog.names().filter((name) => name.startsWith(start));
const terms = () => withPrefix('loss.');
/** Learned weights of the terms. */
const weights = () => withPrefix('weight.');

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { smoothing, log, cut, x, runs: others } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  const seeds = (name: string, count: number) => t('runs.group.line', { name, count });
  const read = () => {
    const lines: Line[] = [
      { metric: 'loss', label: t('train.loss.training'), color: tokens.ink, mark: 'circle' },
      {
        metric: 'val.loss',
        label: t('train.loss.validation'),
        color: tokens.fused,
        mark: 'star',
        dash: [7, 4],
        sparse: true,
      },
      {
        metric: averaged,
        label: t('train.loss.averaged'),
        short: t('train.loss.averagedShort'),
        color: tokens.audio,
        mark: 'diamond',
        dash: [3, 3],
        sparse: true,
      },
      {
        metric: 'old.val.loss',
        label: t('train.loss.old'),
        short: t('train.old'),
        color: tokens.fused,
        mark: 'diamond',
        dash: [2, 3],
        sparse: true,
      },
      ...terms().map((metric, i) => ({
        metric,
        label: metric.slice('loss.'.length),
        ...termStyle(i, tokens),
      })),
    ];
    const live = liveSeries(lines, xAxis);
    return others ? [...live, ...comparedSeries('loss', xAxis, tokens, seeds)] : live;
  };
  return (
    <>
      <Curves
        title={t('train.loss')}
        yName={t('train.loss')}
        xAxis={xAxis}
        log={log === true}
        cut={cut === true}
        smoothing={Number(smoothing)}
        read={read}
        version={() => `${metricVersion()} ${runs.getState().compared.join()}`}
      />
      {weights().length > 0 && (
        <div className={css.below}>
          <Curves
            title={t('train.weight')}
            yName={t('train.weight')}
            xAxis={xAxis}
            log={false}
            smoothing={0}
            read={() =>
              liveSeries(
                weights().map((metric, i) => ({
                  metric,
                  label: metric.slice('weight.'.length),
                  ...termStyle(i, tokens),
                })),
                xAxis,
              )
            }
            version={metricVersion}
          />
        </div>
      )}
    </>
  );
}

export const loss = definePanel({
  id: 'loss',
  title: { en: 'Loss', zh: '损失' },
  explain: {
    en: 'How wrong the model is: lower is better. When validation rises while training falls, it memorises.',
    zh: '模型的误差：越低越好。训练下降而验证上升，说明在死记硬背。',
  },
  article: () => import('./articles/loss.ts'),
  empty: { en: 'The loss appears with the first step.', zh: '第一步完成后显示损失。' },
  columns: 8,
  rows: 8,
  fields,
  Body,
  version: metricVersion,
  hasData: () => has('loss') || has('val.loss'),
  table: () => metricTable(['loss', 'val.loss', 'old.val.loss', averaged, ...terms(), ...weights()]),
});
