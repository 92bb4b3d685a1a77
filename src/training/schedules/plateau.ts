/**
 * Falls when what is measured stops getting better; PyTorch's ReduceLROnPlateau for a loss. Its `eps`, which leaves out falls of less than 10⁻⁸,
 * has no counterpart: the floor ends the falls.
 */
import { floor, rising, type ScheduleDefinition, start, warmup } from './definition.ts';

export const plateau: ScheduleDefinition = {
  type: 'plateau',
  title: { en: 'Plateau', zh: '平台下降' },
  summary: {
    en: 'Rises, then falls by a factor whenever the validation loss stops falling.',
    zh: '先上升，验证损失不再下降时乘以系数。',
  },
  fields: [
    warmup(0),
    start,
    {
      key: 'factor',
      kind: 'number',
      label: { en: 'Factor', zh: '系数' },
      help: { en: 'What the rate is multiplied with at each fall.', zh: '每次下降时学习率乘以的系数。' },
      default: 0.5,
      min: 0,
      max: 1,
    },
    {
      key: 'patience',
      kind: 'integer',
      label: { en: 'Patience', zh: '耐心' },
      help: {
        en: 'Validations without improvement that are let pass before a fall.',
        zh: '下降之前允许没有改善的验证次数。',
      },
      default: 3,
      min: 0,
      max: 10_000,
    },
    {
      key: 'threshold',
      kind: 'number',
      label: { en: 'Threshold', zh: '阈值' },
      help: { en: 'How much better counts as improvement.', zh: '改善多少才算有进步。' },
      default: 1e-4,
      min: 0,
      max: 1,
      advanced: true,
    },
    {
      key: 'relative',
      kind: 'switch',
      label: { en: 'Relative threshold', zh: '相对阈值' },
      help: {
        en: 'The threshold is a share of the best loss; off, a fixed amount.',
        zh: '阈值为最佳损失的比例；关闭时为绝对差。',
      },
      default: true,
      advanced: true,
    },
    {
      key: 'cooldown',
      kind: 'integer',
      label: { en: 'Cooldown', zh: '冷却' },
      help: {
        en: 'Validations after a fall that are not counted as without improvement.',
        zh: '下降之后不计入无改善的验证次数。',
      },
      default: 0,
      min: 0,
      max: 10_000,
      advanced: true,
    },
    floor({ en: 'Least rate, as a fraction of the peak.', zh: '最小学习率占峰值的比例。' }),
  ],
  initial: () => ({ factor: 1, best: null, bad: 0, cooldown: 0 }),
  factor: (step, _, fields, state) => (rising(step, fields) ?? 1) * (state?.['factor'] ?? 1),
  measured(state, value, fields) {
    const threshold = fields['threshold'] as number;
    let { factor, best, bad, cooldown } = state as Record<'factor' | 'bad' | 'cooldown', number> & {
      best: number | null;
    };
    // A loss that is not finite is never better.
    const better =
      best === null
        ? Number.isFinite(value)
        : value < (fields['relative'] ? best * (1 - threshold) : best - threshold);
    if (better) best = value;
    bad = better ? 0 : bad + 1;
    if (cooldown > 0) {
      cooldown--;
      bad = 0;
    }
    if (bad > (fields['patience'] as number)) {
      factor = Math.max(factor * (fields['factor'] as number), fields['floor'] as number);
      cooldown = fields['cooldown'] as number;
      bad = 0;
    }
    return { factor, best, bad, cooldown };
  },
};
