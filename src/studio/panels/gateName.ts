import type { Translate } from '../i18n/index.ts';
import { modalityName } from './modalityName.ts';

/**
 * What a gate is called: the kind that it belongs to, and which of them it is.
 * @param name without `gate.`. @param apart whether it has a number for each modality
 */
export function gateName(t: Translate, name: string, apart: boolean): { title: string; part: string } {
  const [what, layer, last] = name.split('.');
  if (apart)
    return {
      title: t(
        what === 'open'
          ? 'inspect.gateOpen'
          : what === 'reliability'
            ? 'inspect.gateReliability'
            : 'inspect.gateModalities',
      ),
      part: '',
    };
  const single = last === 'alpha';
  const kind = single
    ? t(what === 'cross' ? 'inspect.attentionCross' : 'inspect.feedForward')
    : modalityName(t, what);
  return {
    title: t(single ? 'inspect.gateAlpha' : 'inspect.gateChannels'),
    part: `${kind} · ${t('train.attention.block', { n: Number(layer) + 1 })}`,
  };
}
