/** What a modality brings on held-out samples (its Shapley value, training/contribution.ts) is next to nothing, or falls while others' does not. */
import type { Detector, Observed, Sighting } from './definition.ts';
import { helpFor, modalitiesOf } from './remedies.ts';

/** Validations that are looked at. */
const last = 3;
/** Of what all bring together: next to nothing; and enough to have been of use. */
const nothing = 0.02;
const useful = 0.15;
/** Least that all must bring together, as a share of right answers: before, nothing has been learnt. */
const learnt = 0.1;
/** Of its best, what counts as fallen. */
const fallen = 0.4;

const buttons = {
  balance: { en: 'Balance the modalities (OGM-GE)', zh: '平衡各模态 (OGM-GE)' },
  drop: {
    en: 'Train 30 % of samples without {other:part}',
    zh: '让 30 % 的样本不含{other:part}',
  },
  rate: { en: 'Give {modality:part} three times the rate', zh: '将{modality:part}的学习率设为三倍' },
};
const unused = {
  seen: {
    en: '{modality:part} brings {share:percent} of the held-out score, at {validations} validations in a row.',
    zh: '{modality:part}连续 {validations} 次验证只贡献得分的 {share:percent}。',
  },
  why: {
    en: 'The model answers as well without it: either it holds nothing for this task, or {other:part} was learnt first and left no reason to look at it.',
    zh: '没有它模型同样能回答：要么它对任务没有信息，要么{other:part}先被学会，模型不再需要它。',
  },
};
const falling = {
  seen: {
    en: '{modality:part} brought {best:percent} of the held-out score at step {when:count}, and {share:percent} now.',
    zh: '{modality:part}在第 {when:count} 步贡献得分的 {best:percent}，现在只有 {share:percent}。',
  },
  why: {
    en: 'The model forgets how to use it while {other:part} takes over.',
    zh: '随着{other:part}占据主导，模型正在忘记如何使用它。',
  },
};

/** Shares by validation of each modality; none while all of them together bring too little. */
function shares({ history, recipe }: Observed): { step: number; of: Map<string, number> }[] {
  const names = modalitiesOf(recipe);
  const columns = names.map((name) => history.validated(`contribution.${name}`));
  return (columns[0] ?? []).flatMap(({ step }, row) => {
    const values = columns.map((column) => column[row]?.value ?? Number.NaN);
    const total = values.reduce((a, b) => a + b, 0);
    return total > learnt ? [{ step, of: new Map(names.map((name, k) => [name, values[k] / total])) }] : [];
  });
}

export const contribution: Detector = {
  code: 'contribution',
  title: { en: 'A modality goes unused', zh: '某个模态未被使用' },
  panel: 'gradients',
  says: {
    'unused-balance': { ...unused, button: buttons.balance },
    'unused-drop': { ...unused, button: buttons.drop },
    'unused-rate': { ...unused, button: buttons.rate },
    'falling-balance': { ...falling, button: buttons.balance },
    'falling-drop': { ...falling, button: buttons.drop },
    'falling-rate': { ...falling, button: buttons.rate },
  },
  detect(run) {
    const found = shares(run);
    if (found.length < last || modalitiesOf(run.recipe).length < 2) return [];
    const latest = found.slice(-last);
    return modalitiesOf(run.recipe).flatMap((modality): Sighting[] => {
      const now = Math.max(...latest.map(({ of }) => of.get(modality)!));
      const [other] = [...latest.at(-1)!.of].sort((a, b) => b[1] - a[1])[0];
      if (other === modality) return [];
      const best = found.reduce((a, b) => (b.of.get(modality)! > a.of.get(modality)! ? b : a));
      const peak = best.of.get(modality)!;
      const unlearnt = peak > useful && now < fallen * peak;
      if (now >= nothing && !unlearnt) return [];
      const { kind, remedy } = helpFor(run.recipe, modality, other);
      const share = Math.max(0, latest.at(-1)!.of.get(modality)!);
      const params = { modality, other, share, validations: last, best: peak, when: best.step };
      return [
        {
          says: `${unlearnt ? 'falling' : 'unused'}-${kind}`,
          about: modality,
          severity: unlearnt ? 'warning' : 'note',
          params,
          remedy,
        },
      ];
    });
  },
};
