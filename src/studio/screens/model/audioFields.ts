/** How sound becomes features, as fields; their defaults are what a recipe without `data.audio` has (data/audio/features.ts). */
import { defaults, type Field } from '../../../core/fields.ts';

export const audioFields: Field[] = [
  {
    key: 'features',
    kind: 'choice',
    label: { en: 'Features', zh: '特征' },
    help: {
      en: 'Log-mel keeps the whole spectrum; MFCC only its envelope.',
      zh: '对数梅尔保留整个频谱；MFCC 只保留包络。',
    },
    default: 'log-mel',
    choices: [
      { value: 'log-mel', label: { en: 'log-mel', zh: '对数梅尔' } },
      { value: 'mfcc', label: { en: 'MFCC', zh: 'MFCC' } },
    ],
  },
  {
    key: 'bins',
    kind: 'integer',
    label: { en: 'Bins', zh: '频带数' },
    help: { en: 'Mel bands, or coefficients of MFCC.', zh: '梅尔频带数，或 MFCC 系数个数。' },
    default: 40,
    min: 1,
    max: 128,
    step: 8,
  },
  {
    key: 'rate',
    kind: 'integer',
    label: { en: 'Rate', zh: '采样率' },
    help: { en: 'Samples per second that clips are brought to.', zh: '片段重采样到的每秒采样数。' },
    default: 8000,
    min: 4000,
    max: 48000,
    step: 1000,
  },
  {
    key: 'seconds',
    kind: 'number',
    label: { en: 'Longest clip', zh: '最长片段' },
    help: { en: 'Seconds; longer ones are cut.', zh: '以秒为单位，超出部分被截断。' },
    default: 1,
    min: 0.1,
    max: 60,
    step: 0.1,
  },
  {
    key: 'window',
    kind: 'number',
    label: { en: 'Window', zh: '窗长' },
    help: { en: 'Milliseconds that a frame looks at.', zh: '每帧覆盖的毫秒数。' },
    default: 25,
    min: 4,
    max: 200,
    step: 5,
  },
  {
    key: 'hop',
    kind: 'number',
    label: { en: 'Hop', zh: '步长' },
    help: { en: 'Milliseconds from one frame to the next.', zh: '相邻两帧之间的毫秒数。' },
    default: 20,
    min: 1,
    max: 200,
    step: 5,
  },
];

export const audioDefaults = defaults(audioFields);
