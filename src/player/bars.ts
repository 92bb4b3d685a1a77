/** Names with their shares as bars, likeliest first. */
import { element } from './element.ts';

const most = 8;

export function bars(rows: readonly { name: string; share: number }[]): HTMLElement {
  return element(
    'ul',
    { class: 'bars' },
    ...rows.slice(0, most).map(({ name, share }) => {
      const bar = element('span', { class: 'bar' });
      bar.style.width = `${Math.max(0.5, 100 * share)}%`;
      const percent = element('span', { class: 'number' }, `${(100 * share).toFixed(1)} %`);
      return element(
        'li',
        {},
        element('span', { class: 'name' }, name),
        percent,
        element('span', { class: 'track' }, bar),
      );
    }),
  );
}
