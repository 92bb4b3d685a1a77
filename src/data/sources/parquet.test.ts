import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { StudioError } from '../../core/errors.ts';
import { describeShared, sharedData } from '../testing/shared.ts';
import { blobSource } from './bytes.ts';
import { openParquet } from './parquet.ts';

const open = (name: string, bytes: Uint8Array<ArrayBuffer>) =>
  openParquet(name, blobSource(name, new Blob([bytes])));
const bytesOf = (name: string) => new Uint8Array(readFileSync(sharedData(`parquet/${name}`)));

describeShared('parquet', () => {
  const names = readdirSync(sharedData('parquet')).filter((name) => name.endsWith('.parquet'));

  it('finds the files', () => expect(names.length).toBe(39));

  const described = names.filter((name) => existsSync(rowsOf(name)));

  it.each(described)('%s has the rows written beside it', async (name) => {
    const wanted: unknown[][] = JSON.parse(readFileSync(rowsOf(name), 'utf8'));
    const { rows, columns } = await open(name, bytesOf(name));
    expect(rows.length).toBe(wanted.length);
    // Words and numbers are what is made of a table; dates, bytes and nested values have many right spellings.
    for (const [index, row] of wanted.entries())
      for (const [place, value] of row.entries()) {
        const found = rows[index][columns[place]];
        if (typeof value === 'string' && typeof found === 'string' && !isDate(value))
          expect(found).toBe(value);
        else if (typeof value === 'number') expect(Number(found)).toBeCloseTo(value, 3);
      }
  });

  it.each(names)('%s damaged is an error or a table, never a crash', async (name) => {
    const bytes = bytesOf(name);
    for (const cut of [0, bytes.length >> 1, bytes.length - 5]) {
      const failure = await open(name, bytes.slice(0, cut)).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(StudioError);
    }
    for (let seed = 1; seed <= 3; seed++) {
      const broken = bytes.slice();
      for (let k = 0; k < 4; k++)
        broken[(seed * 7919 + k * 104_729) % broken.length] ^= 1 << ((seed + k) % 8);
      const failure = await open(name, broken).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure !== undefined) expect(failure).toBeInstanceOf(StudioError);
    }
  });
});

const rowsOf = (name: string) => sharedData(`parquet/${name.replace('.parquet', '.json')}`);
const isDate = (text: string) => /^\d{4}-\d\d-\d\d/.test(text);
