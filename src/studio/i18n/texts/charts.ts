import type { Texts } from '../texts.ts';

export const charts = {
  'charts.step': ['step', '步'],
  'charts.epoch': ['epoch', '轮'],
  'charts.seconds': ['time, s', '时间（秒）'],
  'charts.summary': [
    '{title}: {names}. From step {from} to {to}. Arrow keys move the cursor, Enter pins it, + and − zoom, 0 shows all.',
    '{title}：{names}。第 {from} 步至第 {to} 步。方向键移动光标，回车固定，+ 与 − 缩放，0 显示全部。',
  ],
  'charts.whole': ['Show all steps', '显示全部步'],
  'charts.legend': ['Lines', '曲线'],
  'charts.at': ['step {step}', '第 {step} 步'],
  'charts.pinned': ['step {step}, pinned', '第 {step} 步，已固定'],
  'charts.mark': ['{number} · from step {step}', '{number} · 自第 {step} 步'],
  'charts.marks': ['changed', '变更'],
  'charts.tableNote': ['{shown} of {total} rows', '{total} 行中的 {shown} 行'],
} as const satisfies Texts;
