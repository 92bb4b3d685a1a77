/** An SVG chart with its title, its numbers as a table, and the files it can be saved as. */
import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { chartStyle } from '../../../core/svgCharts.ts';
import { reportError } from '../../app/report.tsx';
import { save, saveCsv, type Table } from '../../charts/download.ts';
import { TableView } from '../../charts/TableView.tsx';
import { useT } from '../../i18n/index.ts';
import { useTokens } from '../../theme/useTokens.ts';
import css from './evaluate.module.css';
import { standalone, toPng } from './svgFile.ts';

interface Props {
  title: string;
  lead?: string;
  /** Of core/svgCharts.ts. */
  svg: string;
  table: Table;
  narrow?: boolean;
}

export function ChartFrame({ title, lead, svg, table, narrow = false }: Props) {
  const t = useT();
  const tokens = useTokens();
  const [asTable, setAsTable] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const file = title.replace(/[^\p{L}\p{N}]+/gu, '-');
  const alone = () =>
    standalone(place.current?.querySelector<SVGSVGElement>('svg.chart') ?? undefined, t.locale, tokens);
  return (
    <figure className={css.figure} data-narrow={narrow}>
      <figcaption className="row">
        <b className="grow">{title}</b>
        <Menu position="bottom-end" zIndex={500}>
          <Menu.Target>
            <ActionIcon size={26} aria-label={t('evaluate.chartMore', { title })}>
              <IconDots size={16} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsTable(!asTable)}>
              {t(asTable ? 'train.panel.chart' : 'train.panel.table')}
            </Menu.Item>
            <Menu.Item
              disabled={asTable}
              onClick={() => toPng(alone()).then((png) => save(`${file}.png`, png), reportError)}
            >
              {t('train.panel.png')}
            </Menu.Item>
            <Menu.Item
              disabled={asTable}
              onClick={() => save(`${file}.svg`, new Blob([alone()], { type: 'image/svg+xml' }))}
            >
              {t('evaluate.svg')}
            </Menu.Item>
            <Menu.Item onClick={() => saveCsv(file, table)}>{t('train.panel.csv')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
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
