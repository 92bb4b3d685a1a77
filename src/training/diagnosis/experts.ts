/** Experts of a mixture that hardly any token is sent to (Shazeer et al. 2017, arXiv 1701.06538): their share on held-out samples is under a tenth of an even one. */
import type { Detector, Sighting } from './definition.ts';
import { rounded } from './remedies.ts';

const dead = 0.1;

export const experts: Detector = {
  code: 'experts',
  title: { en: 'Dead experts', zh: '闲置专家' },
  panel: 'loss',
  says: {
    balance: {
      seen: {
        en: 'Layer {layer}: {count:count} of {all:count} experts get under a tenth of an even share; the busiest gets {most:percent}.',
        zh: '第 {layer} 层：{all:count} 个专家中有 {count:count} 个得到的词元不足平均份额的十分之一；最忙的得到 {most:percent}。',
      },
      why: {
        en: 'They learn nothing and take memory; tokens beyond what the busy ones can take pass by unchanged.',
        zh: '它们学不到东西却占用内存；繁忙专家容纳不下的词元则原样通过。',
      },
      button: {
        en: 'Weigh the load balance {weight}',
        zh: '把负载均衡权重设为 {weight}',
      },
    },
  },
  detect({ history, recipe }): Sighting[] {
    const loads = history.names().filter((name) => name.startsWith('load.'));
    const layers = [...new Set(loads.map((name) => name.split('.')[1]))];
    return layers.flatMap((layer): Sighting[] => {
      const columns = loads
        .filter((name) => name.startsWith(`load.${layer}.`))
        .map((name) => history.validated(name).slice(-2));
      if (columns.length < 2 || columns.some(({ length }) => length < 2)) return [];
      const least = dead / columns.length;
      const count = columns.filter((values) => values.every(({ value }) => value < least)).length;
      if (count === 0) return [];
      const weight = rounded(Math.min(10, 10 * Math.max(0.01, Number(recipe.fusion['balance'] ?? 0.01))));
      return [
        {
          says: 'balance',
          about: layer,
          severity: 'warning',
          params: {
            layer: Number(layer) + 1,
            count,
            all: columns.length,
            most: Math.max(...columns.map((values) => values[1].value)),
            weight,
          },
          remedy: { edits: [{ path: ['fusion', 'balance'], value: weight }] },
        },
      ];
    });
  },
};
