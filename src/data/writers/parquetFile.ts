/**
 * A Parquet file as the Hugging Face hub holds data sets: pictures and sounds as struct{bytes, path}, and the types of `datasets` in its notes. Row groups
 * of a hundred rows, as the hub does for media, so that a viewer need not read more than it shows.
 */
import type { SchemaElement } from 'hyparquet';
import type { Card } from '../card.ts';
import type { Facts, Kind, Media, Row } from './rows.ts';

const rowGroup = 100;

const schemaOf: Record<Kind, (name: string) => SchemaElement[]> = {
  text: (name) => [{ name, repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' }],
  texts: (name) => [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  ],
  number: (name) => [{ name, repetition_type: 'OPTIONAL', type: 'DOUBLE' }],
  whole: (name) => [{ name, repetition_type: 'OPTIONAL', type: 'INT64' }],
};

const mediaSchema = (name: string): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY' },
  { name: 'path', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
];

/** Types of `datasets` (huggingface.co/docs/datasets/about_dataset_features). */
const featureOf = ({ kind, classes }: Facts) => {
  const value = (dtype: string) => ({ dtype, _type: 'Value' });
  if (classes && kind === 'whole') return { names: classes, _type: 'ClassLabel' };
  if (kind === 'texts') return { feature: value('string'), _type: 'Sequence' };
  return value({ text: 'string', number: 'float64', whole: 'int64' }[kind]);
};

/** @param keyOf the name of a sample's files */
export async function parquetFile(
  card: Card,
  facts: readonly Facts[],
  rows: readonly (Row & Media)[],
  keyOf: (index: number) => string,
): Promise<Uint8Array> {
  const { ByteWriter, parquetWrite } = await import('hyparquet-writer');
  const { image, audio } = card.columns;
  const media = [
    ...(image === undefined ? [] : [{ name: image, ending: 'png', type: 'Image' } as const]),
    ...(audio === undefined ? [] : [{ name: audio, ending: 'wav', type: 'Audio' } as const]),
  ];
  const features = Object.fromEntries([
    ...media.map(({ name, type }) => [name, { _type: type }]),
    ...facts.map((column) => [column.name, featureOf(column)]),
  ]);
  const writer = new ByteWriter();
  await parquetWrite({
    writer,
    createdBy: 'amalgam',
    rowGroupSize: rowGroup,
    schema: [
      { name: 'schema', num_children: media.length + facts.length },
      ...media.flatMap(({ name }) => mediaSchema(name)),
      ...facts.flatMap(({ name, kind }) => schemaOf[kind](name)),
    ],
    columnData: [
      ...media.map(({ name, ending }) => ({
        name,
        // Compressed already, and no two alike.
        codec: 'UNCOMPRESSED' as const,
        encoding: 'PLAIN' as const,
        statistics: false,
        data: rows.map((row) => {
          const bytes = row[ending];
          return bytes ? { bytes, path: `${keyOf(row.index)}.${ending}` } : null;
        }),
      })),
      ...facts.map(({ name, kind, of }) => ({
        name,
        data: rows.map((row) => {
          const value = of(row);
          return kind === 'whole' && typeof value === 'number' ? BigInt(value) : value;
        }),
      })),
    ],
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
  });
  return writer.getBytes();
}
