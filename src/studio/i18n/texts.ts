/**
 * How texts are written: each key with its English and its Chinese side by side, so that a missing language is a
 * type error. `{name}` is a parameter (numbers are formatted for the language); `{n|picture|pictures}` chooses the
 * first word for 1 and the second otherwise.
 */
export type Pair = readonly [en: string, zh: string];
export type Texts = Record<string, Pair>;
export type TextParams = Record<string, string | number>;

export function fill(text: string, params: TextParams, locale: string): string {
  return text.replace(
    /\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g,
    (_, name: string, one?: string, many?: string) => {
      const value = params[name];
      if (one !== undefined && many !== undefined) return value === 1 ? one : many;
      if (value === undefined) return '–';
      return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
    },
  );
}
