/** The device waits for data: drawing batches takes a large part of a step. */
import type { Detector, Sighting } from './definition.ts';
import { median } from './history.ts';

const window = 50;
/** Of a step; and steps in milliseconds that are too short for anybody to mind. */
const large = 0.4;
const short = 5;

const words = {
  seen: {
    en: 'Drawing the data takes {data} of {step} ms a step ({share:percent}).',
    zh: '每步 {step} 毫秒中有 {data} 毫秒用于读取数据（{share:percent}）。',
  },
  why: {
    en: 'The device idles meanwhile: the run could be {faster:percent} faster.',
    zh: '设备在此期间空闲：训练本可加快 {faster:percent}。',
  },
};

export const starvation: Detector = {
  code: 'starvation',
  title: { en: 'The device waits for data', zh: '设备在等待数据' },
  panel: 'throughput',
  says: {
    words: { ...words, button: { en: 'Leave no words out', zh: '不再随机删词' } },
    plain: words,
  },
  detect({ history, recipe }): Sighting[] {
    const times = history.recent('time.data', window);
    const data = median(times);
    const step = median(history.recent('stepMs', window));
    if (times.length < window || !(step > short) || data < large * step) return [];
    const share = Math.min(1, data / step);
    const params = { data, step, share, faster: share / (1 - Math.min(0.95, share)) };
    // New words are written and encoded for every batch.
    return recipe.data.augment.wordDropout > 0
      ? [
          {
            says: 'words',
            severity: 'note',
            params,
            remedy: { edits: [{ path: ['data', 'augment', 'wordDropout'], value: 0 }] },
          },
        ]
      : [{ says: 'plain', severity: 'note', params }];
  },
};
