/**
 * What a run that starts from the weights of another takes from it, part by part, and what begins at random and why: told before the run is made, and kept
 * with it (training/start.ts).
 */
import type { Text } from './fields.ts';

export interface TakenPart {
  /** A modality, `fusion`, or the term whose head it is. */
  part: string;
  kind: 'encoder' | 'fusion' | 'term';
  /** Tensors of the new model; 0 for a part that only the other run has. */
  tensors: number;
  /** Taken as they are. */
  whole: number;
  /** Tensors with a row (or column) for each class or table column, taken by name. */
  named?: { of: 'classes' | 'columns'; tensors: number; known: number; all: number };
  /** That the other run has none of. */
  absent: number;
  /** That have another shape there. */
  unfit: number;
  /** The first of those, and its shapes there and here. */
  example?: { name: string; from: number[]; to: number[] };
  /** Tensors of the other run that no part of the new model has a use for. */
  left: number;
}

/** Whether anything of it is taken. */
export const takesAny = ({ whole, named }: TakenPart): boolean =>
  whole > 0 || (named !== undefined && named.known > 0);

const encoders: Record<string, Text> = {
  image: { en: 'Image encoder', zh: '图像编码器' },
  text: { en: 'Text encoder', zh: '文本编码器' },
  audio: { en: 'Audio encoder', zh: '音频编码器' },
  table: { en: 'Table encoder', zh: '表格编码器' },
};

function nameOf({ part, kind }: TakenPart, language: keyof Text): string {
  if (kind === 'fusion') return language === 'zh' ? '融合' : 'Fusion';
  if (kind === 'term') return language === 'zh' ? `${part} 的头` : `Head of ${part}`;
  return encoders[part]?.[language] ?? part;
}

const shapeText = (shape: readonly number[], one: string): string => shape.join(' × ') || one;

const sentences = {
  en: {
    all: (n: number) => `all ${n} tensors`,
    some: (n: number, of: number) => `${n} of ${of} tensors`,
    classes: (n: number, of: number) => `${n} of ${of} rows, by class name`,
    columns: (n: number, of: number) => `${n} of ${of} columns, by their names`,
    absent: (n: number) => `${n} begin at random, since the other run has none`,
    unfit: (n: number, name: string, from: string, to: string) =>
      `${n} begin at random, since their shapes differ (“${name}” is ${from} there, ${to} here)`,
    none: 'begins at random; the other run has none',
    left: (n: number) => `left behind (${n} tensors); this recipe has no use for them`,
    one: 'one number',
    between: '; ',
    colon: ': ',
  },
  zh: {
    all: (n: number) => `全部 ${n} 个张量`,
    some: (n: number, of: number) => `${of} 个张量中的 ${n} 个`,
    classes: (n: number, of: number) => `按类别名取 ${of} 行中的 ${n} 行`,
    columns: (n: number, of: number) => `按列名取 ${of} 列中的 ${n} 列`,
    absent: (n: number) => `${n} 个从随机值开始，因为另一训练没有`,
    unfit: (n: number, name: string, from: string, to: string) =>
      `${n} 个从随机值开始，因为形状不同（“${name}”在那里是 ${from}，这里是 ${to}）`,
    none: '从随机值开始；另一训练没有这部分',
    left: (n: number) => `不再使用（${n} 个张量），此配方用不到`,
    one: '单个数',
    between: '；',
    colon: '：',
  },
} as const;

/** One line a part. */
export function takenTexts(parts: readonly TakenPart[], language: keyof Text): string[] {
  const say = sentences[language];
  return parts.map((part) => {
    const { tensors, whole, named, absent, unfit, example, left } = part;
    const told: string[] = [];
    if (tensors === 0) told.push(say.left(left));
    else if (absent === tensors) told.push(say.none);
    else {
      if (whole === tensors) told.push(say.all(whole));
      else if (whole > 0) told.push(say.some(whole, tensors));
      if (named) told.push(say[named.of](named.known, named.all));
      if (absent > 0) told.push(say.absent(absent));
      if (unfit > 0 && example)
        told.push(
          say.unfit(unfit, example.name, shapeText(example.from, say.one), shapeText(example.to, say.one)),
        );
    }
    return `${nameOf(part, language)}${say.colon}${told.join(say.between)}`;
  });
}
