/** A modality whose encoder has stopped learning: its gradient or its updates are as good as nothing, though it is not frozen. */
import type { Detector, Sighting } from './definition.ts';
import { helpFor, mediansOf, modalitiesOf, rateOf } from './remedies.ts';

/** Steps that it must last; single steps mean nothing. */
const window = 20;
/** Below these nothing visible is learnt in a run of thousands of steps. */
const vanished = { grad: 1e-6, ratio: 1e-7 };
/** Of the peak rate. */
const ended = 0.05;

const gradient = {
  seen: {
    en: '{modality:part}: its gradient norm has been {gradient} for {steps:count} steps.',
    zh: '{modality:part}：梯度范数已有 {steps:count} 步仅为 {gradient}。',
  },
  why: {
    en: 'Nothing of the loss reaches this encoder: it stays as it is, and the model does without it.',
    zh: '损失传不到这个编码器：它不再改变，模型等于没有它。',
  },
};

export const vanishing: Detector = {
  code: 'vanishing',
  title: { en: 'A modality has stopped learning', zh: '某个模态停止学习' },
  panel: 'ratio',
  says: {
    rate: { ...gradient, button: { en: 'Give it three times the rate', zh: '将它的学习率设为三倍' } },
    balance: { ...gradient, button: { en: 'Balance the modalities (OGM-GE)', zh: '平衡各模态 (OGM-GE)' } },
    drop: {
      ...gradient,
      button: { en: 'Train 30 % of samples without {other:part}', zh: '让 30 % 的样本不含{other:part}' },
    },
    still: {
      seen: {
        en: '{modality:part}: an update changes its weights by {ratio}, for {steps:count} steps now.',
        zh: '{modality:part}：已有 {steps:count} 步，每次更新只改变权重的 {ratio}。',
      },
      why: {
        en: 'Its gradient is there, but its rate is too small to move it.',
        zh: '梯度存在，但学习率太小，权重几乎不动。',
      },
      button: { en: 'Give it ten times the rate', zh: '将它的学习率设为十倍' },
    },
  },
  detect(run) {
    const { recipe, history } = run;
    const gradients = mediansOf(run, 'grad', window);
    const ratios = mediansOf(run, 'ratio', window);
    // Near the end of its schedule the rate is next to nothing, and so are all updates.
    const moves = Math.min(...history.recent('lr', window)) > ended * rateOf(recipe);
    return modalitiesOf(recipe).flatMap((modality): Sighting[] => {
      const [g, ratio] = [gradients.get(modality), ratios.get(modality)];
      const severity = 'warning' as const;
      const params = { modality, gradient: g ?? 0, ratio: ratio ?? 0, steps: window };
      if (g !== undefined && g < vanished.grad) {
        const [other, most] = [...gradients].sort((a, b) => b[1] - a[1])[0];
        // All of them at once is another matter: converged, or broken as a whole.
        if (most < vanished.grad) return [];
        const { kind, remedy } = helpFor(recipe, modality, other);
        return [{ says: kind, about: modality, severity, params: { ...params, other }, remedy }];
      }
      if (!moves || ratio === undefined || ratio >= vanished.ratio) return [];
      const groups = [...(recipe.training.groups ?? []), { match: modality, rate: 10 }];
      return [{ says: 'still', about: modality, severity, params, remedy: { change: { groups } } }];
    });
  },
};
