/** What is to be predicted, from the words or numbers of files: which kind it is, which classes there are, and the values. */
import type { Target } from '../dataset.ts';

export type TargetKind = Target['kind'];

/** A cell that holds nothing, as spreadsheets and statistics programs write it. */
export const isMissing = (text: string): boolean => /^(na|n\/a|nan|null|\?|-)?$/i.test(text);

const numberForm = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** The number in a cell; NaN where there is none. */
export const numberOf = (text: string): number => (numberForm.test(text) ? Number(text) : Number.NaN);

/** One cell as text; a list and an object have none. */
export function cellText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The labels in a cell: a list, or words between `;`, `|` or commas. */
function labelsOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.map(cellText) : cellText(value).split(/[;|,]/);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => !isMissing(part)))];
}

/** Different values up to which whole numbers are names of classes. */
const mostClasses = 16;

/** The kind that the values of a column speak for. @param named its name says that it holds classes */
export function guessKind(values: readonly unknown[], named: boolean): TargetKind {
  if (values.some(Array.isArray)) return 'labels';
  const texts = values.map(cellText).filter((text) => !isMissing(text));
  const lists = texts.filter((text) => /[;|]/.test(text)).length;
  if (lists > texts.length / 4) return 'labels';
  const numbers = texts.map(numberOf);
  if (texts.length === 0 || numbers.some(Number.isNaN)) return 'class';
  if (numbers.some((value) => !Number.isInteger(value))) return 'number';
  return named || new Set(numbers).size <= mostClasses ? 'class' : 'number';
}

/** Names in order: numbers by size, else by letters. */
export function sortedNames(names: Iterable<string>): string[] {
  const list = [...new Set(names)];
  const numeric = list.every((name) => !Number.isNaN(numberOf(name)));
  return list.sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0));
}

/**
 * @param values of all pairs
 * @param stated the classes in their order, where the files state them
 * @returns the target, and what a value is in numbers: one, or of labels one for each
 */
export function describeTarget(
  name: string,
  kind: TargetKind,
  values: readonly unknown[],
  stated?: readonly string[],
) {
  const classes =
    kind === 'number'
      ? []
      : kind === 'class' && stated
        ? [...stated]
        : sortedNames(
            kind === 'labels' ? values.flatMap(labelsOf) : values.map(cellText).filter((v) => !isMissing(v)),
          );
  const place = new Map(classes.map((label, index) => [label, index]));
  const numbersOf = (value: unknown): number[] => {
    if (kind === 'number') return [numberOf(cellText(value))];
    if (kind === 'class') return [place.get(cellText(value)) ?? -1];
    const labels = new Set(labelsOf(value));
    return classes.map((label) => (labels.has(label) ? 1 : 0));
  };
  return { target: { name, kind, classes }, numbersOf };
}
