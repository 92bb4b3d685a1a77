/** What each modality brings on unseen samples, over the run: Shapley values, with the score of each alone and without each. */
import { defaults, type Field } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import { xAxisField, xAxisOf } from './fields.ts';
import { predictsTogether } from './fits.ts';
import { groupStyle } from './groupStyle.ts';
import { liveSeries, metricTable, metricVersion, partsWith } from './metrics.ts';
import { modalityName } from './modalityName.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const kinds = ['contribution', 'only', 'without'] as const;

const scoresField: Field = {
  key: 'scores',
  kind: 'choice',
  label: { en: 'Below', zh: '下方' },
  help: {
    en: 'The score with one modality alone, or with all but one.',
    zh: '仅用一种模态的得分，或去掉一种模态的得分。',
  },
  default: 'only',
  choices: [
    { value: 'none', label: { en: 'nothing', zh: '不显示' } },
    { value: 'only', label: { en: 'score alone', zh: '单独得分' } },
    { value: 'without', label: { en: 'score without', zh: '去除后得分' } },
  ],
};
const fields = [scoresField, xAxisField];
const metrics = () => kinds.flatMap((kind) => partsWith(`${kind}.`).map((name) => `${kind}.${name}`));

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { scores, x } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  const curves = (kind: (typeof kinds)[number]) => (
    <Curves
      title={t(`train.${kind}`)}
      yName={t(`train.${kind}`)}
      xAxis={xAxis}
      log={false}
      smoothing={0}
      read={() =>
        liveSeries(
          partsWith(`${kind}.`).map((modality) => ({
            metric: `${kind}.${modality}`,
            label: modalityName(t, modality),
            ...groupStyle(modality, tokens),
            sparse: true,
            width: 2,
          })),
          xAxis,
        )
      }
      version={metricVersion}
    />
  );
  return (
    <>
      {curves('contribution')}
      {(scores === 'only' || scores === 'without') && <div className={css.below}>{curves(scores)}</div>}
    </>
  );
}

export const contribution = definePanel({
  id: 'contribution',
  title: { en: 'Contribution', zh: '贡献' },
  explain: {
    en: 'What each modality adds to the score on unseen samples (Shapley value). Gradients say who is being trained, not who matters.',
    zh: '各模态对未见样本得分的贡献（Shapley 值）。梯度只说明谁在更新，并不代表重要性。',
  },
  article: () => import('./articles/contribution.ts'),
  empty: {
    en: 'Contributions appear with the first validation.',
    zh: '第一次验证后显示各模态的贡献。',
  },
  suits: predictsTogether,
  columns: 6,
  rows: 9,
  fields,
  Body,
  version: metricVersion,
  hasData: () => partsWith('contribution.').length > 0,
  table: () => metricTable(metrics()),
});
