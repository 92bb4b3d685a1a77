/** An SVG chart with its title, its numbers as a table, and the files it can be saved as. */
import { useEffect, useRef, useState } from 'react';
import { chartStyle } from '../../../core/svgCharts.ts';
import type { Table } from '../../charts/download.ts';
import { FileMenu } from '../../charts/FileMenu.tsx';
import { TableView } from '../../charts/TableView.tsx';
import { useTokens } from '../../theme/useTokens.ts';
import css from './evaluate.module.css';

interface Props {
  title: string;
  lead?: string;
  /** Of core/svgCharts.ts. */
  svg: string;
  table: Table;
  narrow?: boolean;
}

export function ChartFrame({ title, lead, svg, table, narrow = false }: Props) {
  const tokens = useTokens();
  const [asTable, setAsTable] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const file = title.replace(/[^\p{L}\p{N}]+/gu, '-');
  return (
    <figure className={css.figure} data-narrow={narrow}>
      <figcaption className="row">
        <b className="grow">{title}</b>
        <FileMenu
          name={file}
          title={title}
          root={() => place.current}
          table={() => table}
          asTable={asTable}
          onTable={setAsTable}
          size={26}
        />
      </figcaption>
      {lead && <p className="muted small">{lead}</p>}
      {asTable ? (
        <TableView table={table} newestFirst={false} />
      ) : (
        <div ref={place} className={css.svg} style={inks(tokens.scheme)}>
          <Drawn svg={svg} title={title} />
        </div>
      )}
    </figure>
  );
}

/** Made by core/svgCharts.ts, which escapes what people named. */
function Drawn({ svg, title }: { svg: string; title: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parsed = new DOMParser().parseFromString(`<div>${svg}</div>`, 'text/html');
    place.current?.replaceChildren(...(parsed.body.firstElementChild?.childNodes ?? []));
    place.current?.querySelector('svg.chart')?.setAttribute('aria-label', title);
  }, [svg, title]);
  return <div ref={place} />;
}

/** The colours of lines and bars as variables. */
const inks = (scheme: 'light' | 'dark') =>
  Object.fromEntries(
    chartStyle(scheme)
      .split(';')
      .map((pair) => pair.split(':')),
  );
