/**
 * The parts of a stored data set that not every set has: which samples have a picture, sound, table, target. What is large lies in a file
 * of numbers (little-endian, as on every machine that runs this), the rest in `samples.json`.
 */
import type { Dataset, Sound, Table, Target } from './dataset.ts';

/** Of `samples.json`. */
export interface PartFacts {
  pictured?: true;
  shown?: true;
  prints?: true;
  sound?: Omit<Sound, 'samples' | 'offsets'>;
  table?: Omit<Table, 'values'>;
  target?: Omit<Target, 'values'>;
}

type Numbers = Uint8Array | Uint32Array | Int16Array | Int32Array | Float32Array;
type Parts = Pick<Dataset, 'pictured' | 'shown' | 'prints' | 'sound' | 'table' | 'target'>;

const bytesOf = (values: Numbers): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Every file that parts may have, with its bytes where this set has it. */
export const partFiles = ({
  pictured,
  shown,
  prints,
  sound,
  table,
  target,
}: Parts): [string, Uint8Array | undefined][] => [
  ['pictured.bin', pictured && bytesOf(pictured)],
  ['shown.bin', shown && bytesOf(shown)],
  ['prints.bin', prints && bytesOf(prints)],
  ['sound.bin', sound && bytesOf(sound.samples)],
  ['sound.offsets.bin', sound && bytesOf(sound.offsets)],
  ['table.bin', table && bytesOf(table.values)],
  ['target.bin', target && bytesOf(target.values)],
];

export const partBytes = (parts: Parts): number =>
  partFiles(parts).reduce((sum, [, bytes]) => sum + (bytes?.length ?? 0), 0);

export function partFacts({ pictured, shown, prints, sound, table, target }: Parts): PartFacts {
  return {
    ...(pictured && { pictured: true }),
    ...(shown && { shown: true }),
    ...(prints && { prints: true }),
    ...(sound && { sound: { rate: sound.rate } }),
    ...(table && { table: { columns: table.columns, steps: table.steps } }),
    ...(target && { target: { name: target.name, kind: target.kind, classes: target.classes } }),
  };
}

/**
 * @param pairs of all samples
 * @returns undefined where a file is absent or has another length than the facts ask for
 */
export async function readParts(
  facts: PartFacts,
  samples: number,
  pairs: number,
  read: (file: string) => Promise<Uint8Array | undefined>,
): Promise<Parts | undefined> {
  // A copy begins where a number may begin; a file's bytes may lie anywhere.
  const buffer = async (file: string, length?: number) => {
    const bytes = await read(file);
    if (!bytes || (length !== undefined && bytes.length !== length)) throw new Damaged();
    return bytes.slice().buffer;
  };
  try {
    const parts: Parts = {};
    if (facts.pictured) parts.pictured = new Uint8Array(await buffer('pictured.bin', samples));
    if (facts.shown) parts.shown = new Int32Array(await buffer('shown.bin', 8 * samples));
    if (facts.prints) parts.prints = new Uint32Array(await buffer('prints.bin', 8 * samples));
    if (facts.sound) {
      const offsets = new Int32Array(await buffer('sound.offsets.bin', 4 * (samples + 1)));
      const clips = new Int16Array(await buffer('sound.bin', 2 * offsets[samples]));
      parts.sound = { ...facts.sound, samples: clips, offsets };
    }
    if (facts.table) {
      const { columns, steps } = facts.table;
      const values = await buffer('table.bin', 4 * samples * steps * columns.length);
      parts.table = { ...facts.table, values: new Float32Array(values) };
    }
    if (facts.target) {
      const each = facts.target.kind === 'labels' ? facts.target.classes.length : 1;
      const values = new Float32Array(await buffer('target.bin', 4 * pairs * each));
      parts.target = { ...facts.target, values };
    }
    return parts;
  } catch (error) {
    if (error instanceof Damaged) return undefined;
    throw error;
  }
}

class Damaged extends Error {}
