/**
 * The parameters of a concept (an encoder, a fusion, an objective, an optimizer, a reader): one list of fields
 * gives its defaults, its validation and its form on the page.
 */
import { StudioError } from './errors.ts';

export interface Text {
  en: string;
  zh: string;
}

interface FieldBase {
  key: string;
  label: Text;
  /** One sentence: what it does and when to change it. */
  help: Text;
  /** Shown only under "more". */
  advanced?: boolean;
}
export type Field =
  | (FieldBase & {
      kind: 'integer' | 'number';
      default: number;
      min: number;
      max: number;
      step?: number;
      scale?: 'log';
    })
  | (FieldBase & { kind: 'switch'; default: boolean })
  | (FieldBase & { kind: 'choice'; default: string; choices: { value: string; label: Text }[] })
  /** A list that a person writes: one on each line, or between commas. */
  | (FieldBase & { kind: 'words'; default: string })
  /** An earlier run with its recipe (`Teacher`), checked where it is used. */
  | (FieldBase & { kind: 'run' });

/** An earlier run that a part of a recipe stands on: its recipe is kept, so that the model can be built without it. */
export interface Teacher {
  run: string;
  name: string;
  step: number;
  recipe: unknown;
}

export type FieldValue = number | boolean | string;
export type FieldValues = Record<string, FieldValue>;

export function defaults(fields: readonly Field[]): FieldValues {
  return Object.fromEntries(
    fields.flatMap((field) => (field.kind === 'run' ? [] : [[field.key, field.default]])),
  );
}

/**
 * Checks values against fields and fills in what is absent.
 * @param path where the values stand in the recipe, for the message (`encoders.image`)
 * @throws StudioError `recipe-invalid` naming the field, the value and what is allowed
 */
export function checkFields(
  fields: readonly Field[],
  values: Record<string, unknown>,
  path: string,
): FieldValues {
  const known = new Set(fields.map((field) => field.key));
  for (const key of Object.keys(values)) {
    if (key !== 'type' && !known.has(key))
      throw new StudioError('recipe-invalid', {
        path: `${path}.${key}`,
        message: `unknown field; known are ${[...known].join(', ')}`,
      });
  }
  const result: FieldValues = {};
  for (const field of fields) {
    if (field.kind === 'run') continue;
    const value = values[field.key] ?? field.default;
    const fail = (message: string): never => {
      throw new StudioError('recipe-invalid', { path: `${path}.${field.key}`, message });
    };
    if (field.kind === 'switch') {
      result[field.key] = typeof value === 'boolean' ? value : fail(`${String(value)} is not true or false`);
    } else if (field.kind === 'words') {
      result[field.key] = typeof value === 'string' ? value : fail(`${String(value)} is not text`);
    } else if (field.kind === 'choice') {
      const allowed = field.choices.map((choice) => choice.value);
      result[field.key] = allowed.includes(value as string)
        ? (value as string)
        : fail(`“${String(value)}” is not one of ${allowed.join(', ')}`);
    } else {
      if (typeof value !== 'number' || !Number.isFinite(value))
        return fail(`${String(value)} is not a number`);
      if (field.kind === 'integer' && !Number.isInteger(value)) return fail(`${value} is not a whole number`);
      if (value < field.min || value > field.max)
        return fail(`${value} is outside ${field.min} … ${field.max}`);
      result[field.key] = value;
    }
  }
  return result;
}
