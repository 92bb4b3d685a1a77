/** The confusion matrix: rows truth, columns answers, each row as shares of its class. A cell says what it is and shows its samples. */
import { NativeSelect } from '@mantine/core';
import { useId, useMemo, useRef, useState } from 'react';
import type { Evaluation } from '../../../workers/api.ts';
import { sequential } from '../../charts/colors.ts';
import type { Table } from '../../charts/download.ts';
import { FileMenu } from '../../charts/FileMenu.tsx';
import { type Cell, Heatmap } from '../../charts/Heatmap.tsx';
import { TableView } from '../../charts/TableView.tsx';
import { useT } from '../../i18n/index.ts';
import { useTokens } from '../../theme/useTokens.ts';
import css from './evaluate.module.css';

type Classes = NonNullable<Evaluation['tasks'][number]['classes']>;
type Order = 'data' | 'recall' | 'count';

interface Props {
  matrix: readonly number[];
  classes: Classes;
  onCell: (truth: string, said: string) => void;
}

/** Classes whose names stand beside the matrix. */
const mostNamed = 30;

export function Confusion({ matrix, classes, onCell }: Props) {
  const t = useT();
  const tokens = useTokens();
  const title = useId();
  const drawn = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState<Order>('data');
  const [cell, setCell] = useState<Cell>();
  const [asTable, setAsTable] = useState(false);
  const sorted = useMemo(() => sortedMatrix(matrix, classes, order), [matrix, classes, order]);
  const { names, counts, shares } = sorted;
  const size = names.length;
  const side = Math.min(560, Math.max(160, size * 34));
  const table: Table = {
    columns: [t('evaluate.class'), ...names.map(({ name }) => name)],
    rows: names.map(({ name }, row) => [name, ...counts.slice(row * size, (row + 1) * size)]),
  };
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="row wrap">
        <h3 id={title} className="grow">
          {t('evaluate.confusion')}
        </h3>
        <NativeSelect
          size="xs"
          aria-label={t('evaluate.sort')}
          value={order}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setOrder(value === 'recall' || value === 'count' ? value : 'data');
          }}
          data={[
            { value: 'data', label: t('evaluate.sortData') },
            { value: 'recall', label: t('evaluate.sortRecall') },
            { value: 'count', label: t('evaluate.sortCount') },
          ]}
        />
        <FileMenu
          name="confusion"
          title={t('evaluate.confusion')}
          root={() => drawn.current}
          table={() => table}
          asTable={asTable}
          onTable={setAsTable}
          size={26}
        />
      </div>
      <p className="muted small">{t('evaluate.confusionLead')}</p>
      {asTable ? (
        <TableView table={table} newestFirst={false} />
      ) : (
        <>
          <div className={css.matrix} ref={drawn}>
            {size <= mostNamed && (
              <ol className={css.rows} style={{ height: side }} aria-hidden>
                {names.map(({ name }) => (
                  <li key={name} title={name}>
                    {name}
                  </li>
                ))}
              </ol>
            )}
            <div style={{ flex: `0 1 ${side}px`, minWidth: 0 }}>
              {size <= mostNamed && (
                <ol className={css.columns} aria-hidden>
                  {names.map(({ name }) => (
                    <li key={name} title={name}>
                      {name}
                    </li>
                  ))}
                </ol>
              )}
              <Heatmap
                label={t('evaluate.confusionLabel', { count: size })}
                read={() => ({ rows: size, columns: size, values: shares })}
                version={() => sorted}
                scale={(value) => value}
                ramp={sequential(tokens.scheme)}
                cell={cell}
                onCell={setCell}
                onChoose={({ row, column }) => onCell(names[row].name, names[column].name)}
                style={{ height: side }}
              />
            </div>
          </div>
          <p className="small" aria-live="polite" style={{ minHeight: 18 }}>
            {cell && cell.row < size && cell.column < size
              ? t('evaluate.cell', {
                  truth: names[cell.row].name,
                  said: names[cell.column].name,
                  count: counts[cell.row * size + cell.column],
                })
              : t('evaluate.hint')}
          </p>
        </>
      )}
    </div>
  );
}

/** Classes that occur or were answered, in the order wanted, with their counts and shares of rows. */
function sortedMatrix(matrix: readonly number[], classes: Classes, order: Order) {
  const all = classes.length;
  const answered = (c: number) => classes.some((_, row) => matrix[row * all + c] > 0);
  const kept = classes.flatMap((one, c) => (one.count > 0 || answered(c) ? [c] : []));
  if (order === 'recall') kept.sort((a, b) => classes[a].recall - classes[b].recall);
  if (order === 'count') kept.sort((a, b) => classes[b].count - classes[a].count);
  const counts = kept.flatMap((row) => kept.map((column) => matrix[row * all + column]));
  const shares = Float64Array.from(
    counts,
    (count, at) => count / Math.max(1, classes[kept[Math.floor(at / kept.length)]].count),
  );
  return { names: kept.map((c) => classes[c]), counts, shares };
}
