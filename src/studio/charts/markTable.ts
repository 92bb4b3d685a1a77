/** The marks of a run as a column of a chart's table: what changed stands at the first row that it had an effect on. */

import type { Language } from '../../core/errors.ts';
import { type ChangeMark, markText } from '../../core/marks.ts';
import type { Table } from './download.ts';

/** @param name of the column. Tables without steps, and runs without marks, stay as they are. */
export function withMarks(
  table: Table,
  marks: readonly ChangeMark[],
  name: string,
  language: Language,
): Table {
  const { columns, rows } = table;
  if (columns[0] !== 'step' || marks.length === 0) return table;
  const left = [...marks];
  return {
    columns: [...columns, name],
    rows: rows.map((row) => {
      const told: string[] = [];
      // What came into force after n steps is first seen in step n + 1.
      while (left.length > 0 && Number(row[0]) > left[0].step) {
        const mark = left.shift()!;
        told.push(`${mark.number}. ${markText(mark, language)}`);
      }
      return [...row, told.join(' / ')];
    }),
  };
}
