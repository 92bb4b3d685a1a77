/** The form of `film.captions.ts`. */
import type { Field } from '../../core/fields.ts';

/** @param languages of the subtitles, the likeliest first; '' is a file that names none */
export function filmFields(languages: readonly string[]): Field[] {
  return [
    ...(languages.length > 1 ? [languageField(languages)] : []),
    {
      kind: 'number',
      key: 'offset',
      label: { en: 'Subtitles later by', zh: '字幕延后' },
      help: {
        en: 'Seconds; where the words come too early, more; too late, below 0.',
        zh: '秒；文字过早出现时取正值，过晚时取负值。',
      },
      default: 0,
      min: -3600,
      max: 3600,
      step: 0.1,
    },
    {
      kind: 'number',
      key: 'padding',
      label: { en: 'Sound around it', zh: '前后声音' },
      help: {
        en: 'Seconds of sound before and after each subtitle that are kept too.',
        zh: '每条字幕前后一并保留的声音秒数。',
      },
      default: 0,
      min: 0,
      max: 10,
      step: 0.1,
    },
    {
      kind: 'number',
      key: 'smallest',
      label: { en: 'Shortest', zh: '最短时长' },
      help: {
        en: 'Seconds; subtitles that stand for less are left out.',
        zh: '秒；显示时间更短的字幕不读取。',
      },
      default: 0.3,
      min: 0,
      max: 60,
      step: 0.1,
    },
    {
      kind: 'number',
      key: 'every',
      label: { en: 'A frame every', zh: '取帧间隔' },
      help: {
        en: 'Seconds; for films without subtitles.',
        zh: '秒；用于没有字幕的影片。',
      },
      default: 2,
      min: 0.04,
      max: 600,
      step: 0.5,
    },
    {
      kind: 'switch',
      key: 'heldOut',
      label: { en: 'Hold out the end of each film', zh: '留出每部影片的结尾' },
      help: {
        en: 'A tenth, for validation. Off: parts are drawn at random, and nearly the same frames may be on both sides.',
        zh: '十分之一用于验证。关闭：随机划分，几乎相同的画面可能同时出现在两边。',
      },
      default: true,
    },
  ];
}

function languageField(languages: readonly string[]): Field {
  return {
    kind: 'choice',
    key: 'language',
    label: { en: 'Language', zh: '语言' },
    help: {
      en: 'Whose subtitles are read; a film that lacks them is read with those it has.',
      zh: '读取哪种语言的字幕；缺少该语言的影片使用其已有的字幕。',
    },
    default: languages[0],
    choices: languages.map((value) => ({
      value,
      label: value === '' ? { en: 'not stated', zh: '未注明' } : { en: value, zh: value },
    })),
  };
}
