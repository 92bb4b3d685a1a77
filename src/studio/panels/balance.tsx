/** How a balancing method weighs the modalities step by step, and how far each has come by itself. */
import { defaults } from '../../core/fields.ts';
import { Curves } from '../charts/Curves.tsx';
import { useT } from '../i18n/index.ts';
import { useTokens } from '../theme/useTokens.ts';
import { smoothingField, xAxisField, xAxisOf } from './fields.ts';
import { balances } from './fits.ts';
import { groupStyle } from './groupStyle.ts';
import { type Line, liveSeries, metricTable, metricVersion, partsWith } from './metrics.ts';
import { modalityName } from './modalityName.ts';
import { definePanel, type PanelProps } from './panel.ts';
import css from './panels.module.css';

const fields = [smoothingField(0.6), xAxisField];
const held = (modality: string) => `val.balance.${modality}.accuracy`;
const coefficients = () => partsWith('balance.');
const alone = () => partsWith('alone.');

function Body({ settings }: PanelProps) {
  const t = useT();
  const tokens = useTokens();
  const { smoothing, x } = { ...defaults(fields), ...settings };
  const xAxis = xAxisOf(x);
  const line = (metric: string, modality: string, more: Partial<Line> = {}): Line => ({
    metric,
    label: modalityName(t, modality),
    ...groupStyle(modality, tokens),
    ...more,
  });
  const withCoefficients = coefficients().length > 0;
  return (
    <>
      {withCoefficients && (
        <Curves
          title={t('train.coefficient')}
          yName={t('train.coefficient')}
          xAxis={xAxis}
          log={false}
          smoothing={Number(smoothing)}
          read={() =>
            liveSeries(
              coefficients().map((name) => line(`balance.${name}`, name)),
              xAxis,
            )
          }
          version={metricVersion}
        />
      )}
      {alone().length > 0 && (
        <div className={withCoefficients ? css.half : css.pair}>
          <Curves
            title={t('train.alone')}
            yName={t('train.alone')}
            xAxis={xAxis}
            log={false}
            smoothing={Number(smoothing)}
            read={() =>
              liveSeries(
                alone().flatMap((name) => [
                  line(`alone.${name}`, name, { width: 1.4 }),
                  line(held(name), name, {
                    label: t('train.aloneHeld', { modality: modalityName(t, name) }),
                    short: modalityName(t, name),
                    sparse: true,
                    width: 2.2,
                  }),
                ]),
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

export const balance = definePanel({
  id: 'balance',
  title: { en: 'Balance', zh: '平衡' },
  explain: {
    en: 'Above, what a modality’s gradient or loss is multiplied with; below, how often it is right alone. Marks: validation.',
    zh: '上：方法对各模态梯度或损失的系数；下：各模态单独答对的比例，训练与验证（带标记）。',
  },
  empty: {
    en: 'Appears with the first step while a balancing method or single-modality heads are trained. Choose one under Controls.',
    zh: '使用平衡方法或单模态输出头训练时，第一步后显示。可在“控制”中选择。',
  },
  suits: balances,
  columns: 6,
  rows: 9,
  fields,
  Body,
  version: metricVersion,
  hasData: () => coefficients().length + alone().length > 0,
  table: () =>
    metricTable([
      ...coefficients().map((name) => `balance.${name}`),
      ...alone().flatMap((name) => [`alone.${name}`, held(name)]),
    ]),
});
