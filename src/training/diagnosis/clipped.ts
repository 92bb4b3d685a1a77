/** The gradient is clipped in nearly every step and by much: its size no longer says anything, and the clip has become the learning rate (SGD, Lion, Muon) or idles (Adam). */
import type { Detector, Sighting } from './definition.ts';
import { median } from './history.ts';
import { rounded, warmupOf } from './remedies.ts';

const window = 150;
const nearly = 0.95;
/** Of the clip, the median norm. */
const much = 20;

export const clipped: Detector = {
  code: 'clipped',
  title: { en: 'The gradient is always clipped', zh: '梯度总被裁剪' },
  panel: 'gradients',
  says: {
    wider: {
      seen: {
        en: '{share:percent} of the last {steps:count} steps were clipped at {clip}; the usual norm is {usual}.',
        zh: '最近 {steps:count} 步中有 {share:percent} 被裁剪到 {clip}；通常的范数为 {usual}。',
      },
      why: {
        en: 'Clipping is for rare outbursts. Used on all steps it makes strong and weak gradients alike.',
        zh: '裁剪用于少见的突增；每步都裁剪会使强弱梯度没有区别。',
      },
      button: { en: 'Clip at {wider} instead', zh: '改为裁剪到 {wider}' },
    },
  },
  detect({ history, recipe }): Sighting[] {
    const { clip } = recipe.training;
    const norms = history.recent('grad.total', window);
    if (clip === 0 || norms.length < window || history.since(window) < Math.min(warmupOf(recipe), 100))
      return [];
    const share = norms.filter((norm) => norm > clip).length / norms.length;
    const usual = median(norms);
    if (share < nearly || usual < much * clip) return [];
    const wider = rounded(2 * usual);
    return [
      {
        says: 'wider',
        severity: 'note',
        params: { share, steps: norms.length, clip, usual, wider },
        remedy: { change: { clip: wider } },
      },
    ];
  },
};
