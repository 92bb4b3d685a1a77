/**
 * Sentences with figures in both languages, filled where they are made: the page and the terminal show the same words. `{x}` is a number in three
 * digits or a word, `{x:percent}` a share, `{x:count}` a whole number, `{x:bytes}`, `{x:time}` seconds, `{x:part}` a modality's name.
 */
import type { Text } from '../../core/fields.ts';

export type Params = Record<string, number | string>;

const parts: Record<string, Text> = {
  image: { en: 'Image', zh: '图像' },
  text: { en: 'Text', zh: '文本' },
  audio: { en: 'Audio', zh: '音频' },
  table: { en: 'Table', zh: '表格' },
  joint: { en: 'fused', zh: '融合' },
};

const trimmed = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e6) return value.toExponential(1).replace('e+', 'e').replace('.0e', 'e');
  if (size >= 1000) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
};

function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${trimmed(Number((value / 1000 ** unit).toPrecision(2)))} ${units[unit]}`;
}

function time(seconds: number, language: keyof Text): string {
  const zh = language === 'zh';
  if (seconds < 1) return `${trimmed(seconds * 1000)} ${zh ? '毫秒' : 'ms'}`;
  if (seconds < 90) return `${trimmed(Number(seconds.toPrecision(2)))} ${zh ? '秒' : 's'}`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} ${zh ? '分钟' : 'min'}`;
  return `${trimmed(Number((seconds / 3600).toPrecision(2)))} ${zh ? '小时' : 'h'}`;
}

function figure(value: number | string | undefined, form: string | undefined, language: keyof Text): string {
  if (value === undefined) return '–';
  if (typeof value === 'string') return form === 'part' ? (parts[value]?.[language] ?? value) : value;
  if (form === 'percent') return `${trimmed(Number((100 * value).toPrecision(3)))} %`;
  if (form === 'count') return Math.round(value).toLocaleString('en');
  if (form === 'bytes') return bytes(value);
  if (form === 'time') return time(value, language);
  return trimmed(value);
}

const place = /\{(\w+)(?::(\w+))?\}/g;

/** Both languages of a text with its figures. */
export const phrase = (text: Text, params: Params): Text => {
  const fill = (language: keyof Text) =>
    text[language].replace(place, (_, name: string, form?: string) => figure(params[name], form, language));
  return { en: fill('en'), zh: fill('zh') };
};

/** Names of the figures that a text takes, sorted: equal in both languages. */
export const figuresIn = (text: string): string[] =>
  [...new Set([...text.matchAll(place)].map(([, name]) => name))].sort();
