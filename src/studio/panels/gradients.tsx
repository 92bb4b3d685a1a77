/** Gradient norms per modality, or per block. */
import { defaults, type Field } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { type Translate, useT } from '../i18n/index.ts';
import { liveLog } from '../state/session.ts';
import type { Mark, Tokens } from '../theme/tokens.ts';
import { useTokens } from '../theme/useTokens.ts';
import { logField, smoothingField, xAxisField, xAxisOf } from './fields.ts';
import { groupStyle, termStyle } from './groupStyle.ts';
import { type Line, liveSeries, metricTable, metricVersion, modalitiesOf } from './metrics.ts';
import { modalityName } from './modalityName.ts';
import { definePanel, type PanelProps } from './panel.ts';

const byField: Field = {
  key: 'by',
  kind: 'choice',
  label: { en: 'One line per', zh: '每条曲线代表' },
  help: {
    en: 'A modality sums up its whole encoder; a block shows where in the encoder the gradient fades; a term of the loss shows which one pulls.',
    zh: '按模态汇总整个编码器；按模块可看出梯度在编码器何处减弱；按损失项可看出由哪一项主导。',
  },
  default: 'modality',
  choices: [
    { value: 'modality', label: { en: 'Modality', zh: '模态' } },
    { value: 'block', label: { en: 'Block', zh: '模块' } },
    { value: 'term', label: { en: 'Term of the loss', zh: '损失项' } },
  ],
};
const fields = [byField, smoothingField(0.6), logField(true), xAxisField];
const prefix = 'grad.block/';
const termPrefix = 'grad.term/';

const withPrefix = (start: string) => liveLog.names().filter((name) => name.startsWith(start));
const blocks = () => withPrefix(prefix);
const terms = () => withPrefix(termPrefix);
const modalityMetrics = () => modalitiesOf('grad.').map((name) => `grad.${name}`);

function modalityLines(t: Translate, tokens: Tokens): Line[] {
  return modalitiesOf('grad.').map((modality) => {
    return { metric: `grad.${modality}`, label: modalityName(t, modality), ...groupStyle(modality, tokens) };
  });
}

const termLines = (tokens: Tokens): Line[] =>
  terms().map((metric, i) => ({ metric, label: metric.slice(termPrefix.length), ...termStyle(i, tokens) }));

const dashes = [[], [6, 3], [2, 3], [10, 3, 2, 3]];
const marks: Mark[] = ['square', 'circle', 'triangle', 'diamond', 'star'];

/** Blocks of one modality share its hue; dash and mark tell them apart, and their names stand at the lines. */
function blockLines(tokens: Tokens): Line[] {
  const seen: Record<string, number> = {};
  return blocks().map((metric) => {
    const path = metric.slice(prefix.length);
    const modality = path.split('.')[0];
    const nth = seen[modality] ?? 0;
    seen[modality] = nth + 1;
    return {
      metric,
      label: path,
      color: groupStyle(modality, tokens).color,
      dash: dashes[nth % dashes.length],
      mark: marks[nth % marks.length],
      width: 1.5,
    };
  });
}

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { by, smoothing, log, x } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  return (
    <Curves
      title={t('train.gradients')}
      yName={t('train.gradients')}
      xAxis={xAxis}
      log={log === true}
      smoothing={Number(smoothing)}
      read={() => {
        const lines = by === 'block' ? blockLines(tokens) : by === 'term' ? termLines(tokens) : [];
        return liveSeries(lines.length ? lines : modalityLines(t, tokens), xAxis);
      }}
      version={metricVersion}
    />
  );
}

export const gradients = definePanel({
  id: 'gradients',
  title: { en: 'Gradients', zh: '梯度' },
  explain: {
    en: 'How strongly each part is being pulled. Similar heights mean that all modalities learn.',
    zh: '各部分受到的更新力度。高度相近说明各模态都在学习。',
  },
  article: () => import('./articles/gradients.ts'),
  empty: { en: 'Gradient norms appear with the first step.', zh: '第一步完成后显示梯度范数。' },
  columns: 6,
  rows: 6,
  fields,
  Body,
  version: metricVersion,
  hasData: () => modalitiesOf('grad.').length > 0,
  table: (settings) =>
    metricTable(
      settings['by'] === 'block'
        ? blocks()
        : settings['by'] === 'term' && terms().length
          ? terms()
          : ['grad.total', ...modalityMetrics()],
    ),
});
