/**
 * The card of a data set that was written out: the head of its README.md, as the Hugging Face hub reads it (huggingface.co/docs/hub/datasets-cards), with a
 * part of our own that says what each column is. With it the set is read again as it was; other programs pass that part over.
 */
import * as v from 'valibot';
import { parse, stringify } from 'yaml';
import type { Dataset, Split } from './dataset.ts';

export const forms = ['imagefolder', 'webdataset', 'parquet'] as const;
export type Form = (typeof forms)[number];

const cardSchema = v.object({
  form: v.picklist(forms),
  /** Side of the pictures, pixels; 0 where there are none. */
  size: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8192)),
  /** What the columns of the set are called: of pictures and sounds the files' names, of a WebDataset their endings. */
  columns: v.object({
    name: v.string(),
    image: v.optional(v.string()),
    audio: v.optional(v.string()),
    captions: v.optional(v.string()),
    source: v.optional(v.string()),
    /** The same in all rows of one sample, where a sample has several. */
    sample: v.optional(v.string()),
  }),
  /** `cells`: the columns that the table's cells stand in, step after step. */
  table: v.optional(
    v.object({
      columns: v.array(v.string()),
      steps: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
      cells: v.array(v.string()),
    }),
  ),
  target: v.optional(
    v.object({
      column: v.string(),
      name: v.string(),
      kind: v.picklist(['class', 'labels', 'number']),
      classes: v.array(v.string()),
    }),
  ),
});

export type Card = v.InferOutput<typeof cardSchema>;

const headOf = (text: string): string | undefined => /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1];

/** The values at the head of a README.md; undefined where it has none that can be read. */
export function readmeHead(text: string): unknown {
  const head = headOf(text);
  if (head === undefined) return undefined;
  try {
    // Aliases are not followed: a few of them can stand for gigabytes.
    const value: unknown = parse(head, { maxAliasCount: 0 });
    return value;
  } catch {
    return undefined;
  }
}

/** The card in a README.md; undefined where it has none. */
export function parseCard(text: string): Card | undefined {
  const found = v.safeParse(v.object({ amalgam: cardSchema }), readmeHead(text));
  if (!found.success) return undefined;
  const { amalgam: card } = found.output;
  const { table } = card;
  return table && table.cells.length !== table.columns.length * table.steps ? undefined : card;
}

/** A README.md with the card. @param splits those that are written */
export function cardText(name: string, card: Card, splits: readonly Split[]): string {
  // Media of one kind alone are named: of pictures with sounds beside them Hugging Face would else take whichever are more.
  const { image, audio } = card.columns;
  const path = (split: Split) => {
    if (card.form === 'webdataset') return `${split}/*.tar`;
    if (card.form === 'parquet') return `data/${split}-*.parquet`;
    const media = image !== undefined ? [`${split}/*.png`] : audio !== undefined ? [`${split}/*.wav`] : [];
    return [...media, `${split}/metadata.jsonl`];
  };
  const head = {
    configs: [{ config_name: 'default', data_files: splits.map((split) => ({ split, path: path(split) })) }],
  };
  // JSON in one line is YAML too, and is read without a library where there is none for YAML (exports/pytorch/python/data.py).
  const own = `amalgam: ${JSON.stringify(card)}\n`;
  return `---\n${stringify(head)}${own}---\n\n# ${name.replaceAll(/\s+/g, ' ')}\n\nWritten by Amalgam.\n`;
}

/** The card that a set gets: every column with a name of its own. */
export function cardOf(dataset: Dataset, form: Form): Card {
  const { size, sound, captions, table, target, sources } = dataset;
  const taken = new Set<string>();
  const own = (wanted: string): string => {
    let name = wanted;
    for (let i = 2; taken.has(name); i++) name = `${wanted} ${i}`;
    taken.add(name);
    return name;
  };
  // Hugging Face's folders hold media of one kind: it takes every `…file_name` for that kind.
  const media = {
    imagefolder: size > 0 ? ['file_name', 'audio'] : ['image', 'file_name'],
    webdataset: ['png', 'wav'],
    parquet: ['image', 'audio'],
  }[form];
  const [image, audio] = media.map(own);
  const several = severalCaptions(dataset);
  const columns: Card['columns'] = { name: own('original_name') };
  if (size > 0) columns.image = image;
  if (sound) columns.audio = audio;
  if (captions.some((list) => list.length > 0))
    columns.captions = own(form === 'webdataset' || several ? 'captions' : 'text');
  if (sources) columns.source = own('source');
  if (rowsApart(dataset)) columns.sample = own('sample_id');
  return {
    form,
    size,
    columns,
    ...(table && {
      table: {
        columns: table.columns,
        steps: table.steps,
        cells: Array.from({ length: table.steps }, (_, step) =>
          table.columns.map((column) => own(table.steps === 1 ? column : `${column} ${step + 1}`)),
        ).flat(),
      },
    }),
    ...(target && {
      target: {
        column: own(target.name),
        name: target.name,
        kind: target.kind,
        classes: target.kind === 'number' ? [] : target.classes,
      },
    }),
  };
}

/** Questions about one picture have answers of their own, so each is a row. */
export const rowsApart = ({ target, captions }: Dataset): boolean =>
  target !== undefined && captions.some((list) => list.length > 1);

/** A row has a list of captions. */
export const severalCaptions = (dataset: Dataset): boolean =>
  !rowsApart(dataset) && dataset.captions.some((list) => list.length > 1);
