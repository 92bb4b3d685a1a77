/**
 * What a built-in data set declares, and what all of them share: one object each, from which come the entry and the form on the
 * page, `builtin:<name>` of the headless program, the check of options, progress and cancelling. Everything is drawn from one
 * seeded stream: same options, same data, in a browser and on a server.
 */
import { StudioError } from '../../core/errors.ts';
import { checkFields, type Field, type FieldValue, type Text } from '../../core/fields.ts';
import { type Random, random } from '../../core/random.ts';
import type { Dataset, Modality } from '../dataset.ts';
import { fingerprintOf } from '../fingerprint.ts';

/** Values of a set's fields; a field that is absent takes its default. Numbers of a choice may come as numbers. */
export type BuiltInOptions = Record<string, FieldValue | undefined>;
export type OnDrawn = (done: number, total: number) => void;

export interface BuiltIn {
  name: string;
  title: Text;
  /** One or two sentences: what is in it and what it is for. */
  summary: Text;
  modalities: Modality[];
  fields: Field[];
  /** The id that `make` gives for these options; for none, that of the defaults. @throws StudioError `bad-argument` */
  id(options?: BuiltInOptions): string;
  /** @throws StudioError `bad-argument` naming the option, `cancelled` */
  make(options: BuiltInOptions, onProgress?: OnDrawn, signal?: AbortSignal): Promise<Dataset>;
}

/** What a set is drawn with. */
export interface Drawing {
  /** Every option as a number. */
  options: Record<string, number>;
  stream: Random;
  /** Draws `count` samples in order, reports each hundred, and lets a cancel arrive. */
  each(count: number, draw: (sample: number) => void): Promise<void>;
}

/** A data set but for what follows from its declaration. */
export type Drawn = Omit<Dataset, 'id' | 'name' | 'source' | 'fingerprint' | 'files'>;

type Declaration = Omit<BuiltIn, 'id' | 'make'> & { draw(drawing: Drawing): Promise<Drawn> };

export function defineBuiltIn({ draw, ...declared }: Declaration): BuiltIn {
  const { name, title, fields, modalities } = declared;
  const ending = modalities.includes('image') ? '.png' : '';
  const id = (options: Record<string, number>) => [name, ...fields.map(({ key }) => options[key])].join('-');
  return {
    ...declared,
    id: (options = {}) => id(numbers(fields, options)),
    async make(given, onProgress, signal) {
      const options = numbers(fields, given);
      const each: Drawing['each'] = async (count, drawOne) => {
        for (let i = 0; i < count; i++) {
          drawOne(i);
          if (i % 100 !== 99 && i !== count - 1) continue;
          onProgress?.(i + 1, count);
          await new Promise((resolve) => setTimeout(resolve));
          if (signal?.aborted) throw new StudioError('cancelled', { what: title.en });
        }
      };
      const content = await draw({ options, stream: random(options['seed'] ?? 0, name), each });
      return {
        id: id(options),
        name: title.en,
        source: `builtin:${name}`,
        fingerprint: await fingerprintOf(content),
        files: content.stated.map((split, i) => `${split}/${String(i).padStart(5, '0')}${ending}`),
        ...content,
      };
    },
  };
}

/** All options as numbers: a choice's value is a number, a switch is 0 or 1. */
function numbers(fields: readonly Field[], given: BuiltInOptions): Record<string, number> {
  const values: Record<string, FieldValue> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const choice = fields.find((field) => field.key === key)?.kind === 'choice';
    values[key] = choice ? String(value) : value;
  }
  try {
    const checked = checkFields(fields, values, '');
    return Object.fromEntries(fields.map(({ key }) => [key, Number(checked[key])]));
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    const { path, message } = error.params;
    throw new StudioError('bad-argument', { argument: String(path).slice(1), message }, { cause: error });
  }
}
