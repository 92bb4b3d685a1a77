/** Held-out loss rises while training loss goes on falling: what is learnt since the best validation is the training set by heart. */
import type { Recipe } from '../../core/recipe.ts';
import type { Detector, Edit } from './definition.ts';
import { median } from './history.ts';
import { rounded } from './remedies.ts';

/** Validations since the best one, and by how much the loss must have risen since. */
const since = 3;
const risen = 0.1;
/** Gap between held-out and training loss, as a share of the former. */
const gap = 0.2;

const words = {
  seen: {
    en: 'Held-out loss was lowest ({best}) at step {when:count} and is {now} now, while training loss fell to {train}.',
    zh: '验证损失在第 {when:count} 步最低（{best}），现为 {now}；训练损失已降到 {train}。',
  },
  why: {
    en: 'It memorises the training samples. The weights of step {when:count} are the better ones.',
    zh: '模型正在死记训练样本。第 {when:count} 步的权重更好。',
  },
};

/** Random crops, colours and left-out words, where a modality has them and the recipe none. */
function augmenting({ data, encoders }: Recipe): Edit[] {
  const { crop, color, wordDropout } = data.augment;
  const edit = (name: string, value: number): Edit => ({ path: ['data', 'augment', name], value });
  return [
    ...(encoders['image'] && crop === 0 ? [edit('crop', 0.1)] : []),
    ...(encoders['image'] && color === 0 ? [edit('color', 0.1)] : []),
    ...(encoders['text'] && wordDropout === 0 ? [edit('wordDropout', 0.1)] : []),
  ];
}

export const overfitting: Detector = {
  code: 'overfitting',
  title: { en: 'Over-fitting', zh: '过拟合' },
  panel: 'loss',
  says: {
    augment: {
      ...words,
      button: {
        en: 'Branch near step {when:count}, with augmentation',
        zh: '从第 {when:count} 步附近分支并增强数据',
      },
    },
    decay: {
      ...words,
      button: {
        en: 'Branch near step {when:count}, with weight decay {decay}',
        zh: '从第 {when:count} 步附近分支，权重衰减 {decay}',
      },
    },
  },
  detect({ history, recipe }) {
    const values = history.validated('val.loss');
    if (values.length < since + 1) return [];
    const best = values.reduce((a, b) => (b.value < a.value ? b : a));
    const after = values.slice(values.indexOf(best) + 1);
    const now = values.at(-1)!.value;
    const scale = Math.max(Math.abs(best.value), 1e-6);
    if (after.length < since || after.slice(-2).some(({ value }) => value < best.value + risen * scale))
      return [];
    const train = median(history.recent('loss', 50));
    if (!(train < now - gap * Math.abs(now)) || !(train < median(history.beginning('loss')))) return [];
    const edits = augmenting(recipe);
    const decay = rounded(3 * Math.max(0.01, Number(recipe.training.optimizer['weightDecay'] ?? 0)));
    const params = { best: best.value, when: best.step, now, train, decay };
    return [
      edits.length > 0
        ? { says: 'augment', severity: 'warning', params, remedy: { edits, branch: best.step } }
        : {
            says: 'decay',
            severity: 'warning',
            params,
            remedy: {
              edits: [{ path: ['training', 'optimizer', 'weightDecay'], value: Math.min(10, decay) }],
              branch: best.step,
            },
          },
    ];
  },
};
