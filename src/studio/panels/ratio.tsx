/** Update-to-weight ratio per modality, and a line of words where one of them falls behind. */
import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { defaults } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { findings, shownFindings } from '../state/findings.ts';
import { showPanel } from '../state/layout.ts';
import { session } from '../state/session.ts';
import { useTokens } from '../theme/useTokens.ts';
import { logField, smoothingField, xAxisField, xAxisOf } from './fields.ts';
import { groupStyle } from './groupStyle.ts';
import { liveSeries, metricTable, metricVersion, modalitiesOf } from './metrics.ts';
import { modalityName } from './modalityName.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const fields = [smoothingField(0.6), logField(true), xAxisField];
const metrics = () => modalitiesOf('ratio.').map((name) => `ratio.${name}`);

/** What was found in gradients and ratios, in a line each (training/diagnosis). */
function Found() {
  const t = useT();
  const run = useStore(session, (state) => state.run);
  const store = useStore(findings);
  const own = shownFindings(store, run).filter(
    ({ code, resolved }) => !resolved && (code === 'dominance' || code === 'vanishing'),
  );
  return (
    <div role="status">
      {own.map(({ key, seen }) => (
        <p key={key} className={css.warning}>
          {t.pick(seen)}
        </p>
      ))}
    </div>
  );
}

/** The same ratios, block by block, stand in the panel of norms. */
function byBlock(): void {
  const id = showPanel('blocks', 6, 10, {});
  // The panel may only be there after the next drawing.
  setTimeout(() => document.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: 'nearest' }), 50);
}

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { smoothing, log, x } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  return (
    <>
      <div className="row">
        <div className="grow">
          <Found />
        </div>
        <Button size="compact-xs" variant="default" onClick={byBlock}>
          {t('panel.byBlock')}
        </Button>
      </div>
      <Curves
        title={t('train.ratio')}
        yName={t('train.ratio')}
        xAxis={xAxis}
        log={log === true}
        smoothing={Number(smoothing)}
        read={() =>
          liveSeries(
            modalitiesOf('ratio.').map((modality) => {
              const label = modalityName(t, modality);
              return { metric: `ratio.${modality}`, label, ...groupStyle(modality, tokens) };
            }),
            xAxis,
          )
        }
        version={metricVersion}
      />
    </>
  );
}

export const ratio = definePanel({
  id: 'ratio',
  title: { en: 'Update ratio', zh: '更新比例' },
  explain: {
    en: 'Size of one update relative to the weights; around 0.001 is healthy.',
    zh: '一次更新相对权重的大小；约 0.001 为宜。',
  },
  article: () => import('./articles/ratio.ts'),
  empty: { en: 'Update ratios appear with the first step.', zh: '第一步完成后显示更新比例。' },
  columns: 6,
  rows: 6,
  fields,
  Body,
  version: metricVersion,
  hasData: () => modalitiesOf('ratio.').length > 0,
  table: () => metricTable(metrics()),
});
