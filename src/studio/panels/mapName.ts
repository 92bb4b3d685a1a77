import type { Translate } from '../i18n/index.ts';
import { modalityName } from './modalityName.ts';

/** The name of a map in words: whose queries look at whose keys, in which layer. */
export function mapName(t: Translate, name: string): string {
  const [kind, what, rest] = name.split('.');
  const layer = (text: string) => t('train.attention.block', { n: Number(text) + 1 });
  if (kind === 'routing') return `${t('inspect.routing')} · ${layer(what)}`;
  if (/^\d+$/.test(what)) return `${t('inspect.attention')} · ${layer(what)}`;
  if (what === 'high') return t('inspect.attentionHigh');
  const number = name.split('.').at(-1) ?? '0';
  if (what === 'cross' && rest.includes('-')) {
    const [source, target] = rest.split('-');
    return `${modalityName(t, target)} → ${modalityName(t, source)} · ${layer(number)}`;
  }
  const words: Record<string, string> = {
    cross: t('inspect.attentionCross'),
    self: t('inspect.attentionSelf'),
    resampler: t('inspect.attentionResampler'),
  };
  return `${words[what] ?? modalityName(t, what)} · ${layer(number)}`;
}
