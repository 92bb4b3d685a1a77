/** How far a curriculum has come: the share of the samples that steps draw from, and the running loss of the last sample in it beside the mean. */
import { defaults } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import { xAxisField, xAxisOf } from './fields.ts';
import { draws } from './fits.ts';
import { has, liveSeries, metricTable, metricVersion } from './metrics.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const fields = [xAxisField];
const metrics = ['curriculum.share', 'curriculum.edge', 'curriculum.loss'];

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { x } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  const line = { color: tokens.ink, sparse: true };
  return (
    <div className={css.pair}>
      <Curves
        title={t('train.curriculum.share')}
        yName={t('train.curriculum.share')}
        xAxis={xAxis}
        log={false}
        smoothing={0}
        domain={[0, 1]}
        tickY={(value) => String(Math.round(value * 100))}
        show={t.percent}
        read={() =>
          liveSeries([{ ...line, metric: 'curriculum.share', label: t('train.curriculum.share') }], xAxis)
        }
        version={metricVersion}
      />
      {has('curriculum.edge') && (
        <Curves
          title={t('train.curriculum.loss')}
          yName={t('train.curriculum.loss')}
          xAxis={xAxis}
          log={false}
          smoothing={0}
          read={() =>
            liveSeries(
              [
                { ...line, metric: 'curriculum.edge', label: t('train.curriculum.edge'), mark: 'diamond' },
                { ...line, metric: 'curriculum.loss', label: t('train.curriculum.mean'), dash: [5, 3] },
              ],
              xAxis,
            )
          }
          version={metricVersion}
        />
      )}
    </div>
  );
}

export const curriculum = definePanel({
  id: 'curriculum',
  title: { en: 'Curriculum', zh: '课程学习' },
  explain: {
    en: 'The share of the training samples that steps draw from; the running loss of the last one of them, and the mean of what was measured.',
    zh: '各步从训练样本的多大份额中抽取；其中最后一个样本的滑动损失，以及所测样本的平均损失。',
  },
  empty: {
    en: 'Appears when the samples’ loss is first measured. Choose a curriculum under Controls, “What a batch holds”.',
    zh: '首次测量样本损失后显示。可在“控制 → 批次内容”中选择课程学习。',
  },
  suits: draws,
  columns: 4,
  rows: 9,
  fields,
  Body,
  version: metricVersion,
  hasData: () => has('curriculum.share'),
  table: () => metricTable(metrics),
});
