import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'The gradient says how the loss changes with each parameter. Its norm over the parameters of a modality, a block or by a term of the loss says how hard that part is pulled at this step, before clipping.',
      zh: '梯度表示损失随参数的变化。对某个模态、模块或损失项取范数，即表示该部分在这一步（裁剪之前）受到的力度。',
    },
    { formula: '‖g‖ = √Σ (∂L/∂θ)²' },
    {
      en: 'Modalities of unlike norms learn at unlike speed: the one that lowers the loss first takes the gradient away from the others. A norm near zero means that a part learns nothing; steep peaks call for clipping or a smaller rate.',
      zh: '范数悬殊的模态学习速度不同：先降低损失的模态会夺走其他模态的梯度。范数接近零说明该部分没有学习；陡峭的尖峰提示需要裁剪或减小学习率。',
    },
    {
      en: 'A large gradient is no proof of importance: see the contributions for that.',
      zh: '梯度大并不代表重要，重要性请看“贡献”。',
    },
  ],
  sources: [
    'Wang, Tran & Feiszli 2020, arXiv 1905.12681',
    'Chen et al. 2018, arXiv 1711.02257',
    'Pascanu, Mikolov & Bengio 2013, arXiv 1211.5063',
  ],
};
