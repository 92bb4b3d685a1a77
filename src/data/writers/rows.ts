/** The rows of a written set: a sample, or with targets of their own one of its pairs, as values by the columns that the card names. */
import type { Card } from '../card.ts';
import { rowsApart, severalCaptions } from '../card.ts';
import type { Dataset } from '../dataset.ts';
import { firstPairs } from '../having.ts';

export interface Row {
  index: number;
  /** Its place among the pairs of all samples. */
  pair: number;
  /** Its place among the rows of its sample. */
  part: number;
  captions: string[];
}

export interface Media {
  png?: Uint8Array;
  wav?: Uint8Array;
}

export function rowsOf(dataset: Dataset): (index: number) => Row[] {
  const { captions } = dataset;
  const first = firstPairs(captions);
  const apart = rowsApart(dataset);
  return (index) =>
    apart && captions[index].length > 1
      ? captions[index].map((caption, part) => ({
          index,
          pair: first[index] + part,
          part,
          captions: [caption],
        }))
      : [{ index, pair: first[index], part: 0, captions: captions[index] }];
}

/** A column's values are texts, lists of texts, numbers that may be fractions, or whole numbers. */
export type Kind = 'text' | 'texts' | 'number' | 'whole';
export type Value = string | number | string[] | null;

export interface Facts {
  name: string;
  kind: Kind;
  /** Of classes that are stored by number. */
  classes?: string[];
  of(row: Row): Value;
}

/** Every column but those of media. @param asNumbers whether classes are their numbers */
export function factsOf(dataset: Dataset, card: Card, asNumbers: boolean): Facts[] {
  const { files, sources, table, target } = dataset;
  const { columns } = card;
  const facts: Facts[] = [];
  if (columns.captions !== undefined) {
    const list = card.form === 'webdataset' || severalCaptions(dataset);
    facts.push({
      name: columns.captions,
      kind: list ? 'texts' : 'text',
      of: ({ captions }) => (list ? captions : (captions[0] ?? null)),
    });
  }
  for (const [place, name] of card.table?.cells.entries() ?? []) {
    const width = card.table?.cells.length ?? 0;
    facts.push({ name, kind: 'number', of: ({ index }) => known(table?.values[index * width + place]) });
  }
  if (target && card.target) {
    const { kind, classes, values } = target;
    const name = card.target.column;
    if (kind === 'number') facts.push({ name, kind: 'number', of: ({ pair }) => known(values[pair]) });
    else if (kind === 'labels')
      facts.push({
        name,
        kind: 'texts',
        of: ({ pair }) => classes.filter((_, label) => values[pair * classes.length + label] === 1),
      });
    else
      facts.push({
        name,
        kind: asNumbers ? 'whole' : 'text',
        classes,
        of: ({ pair }) => (values[pair] < 0 ? null : asNumbers ? values[pair] : classes[values[pair]]),
      });
  }
  facts.push({ name: columns.name, kind: 'text', of: ({ index }) => files[index] });
  if (columns.source !== undefined)
    facts.push({ name: columns.source, kind: 'text', of: ({ index }) => sources?.[index] ?? null });
  if (columns.sample !== undefined)
    facts.push({ name: columns.sample, kind: 'whole', of: ({ index }) => index });
  return facts;
}

const known = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/**
 * A JSON object in one line. Numbers that may be fractions always have a point: readers that type a column by its first rows would else see another type
 * in each split.
 */
export function jsonOf(
  facts: readonly Facts[],
  row: Row,
  before: Record<string, string | null> = {},
): string {
  const members = Object.entries(before).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  for (const { name, kind, of } of facts) {
    const value = of(row);
    const text =
      kind === 'number' && typeof value === 'number' && Number.isInteger(value)
        ? `${Object.is(value, -0) ? '-' : ''}${value.toFixed(1)}`
        : JSON.stringify(value);
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
