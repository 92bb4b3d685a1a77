import type { Article } from '../article.ts';

export const article: Article = {
  body: [
    {
      en: 'This drawing is made from the graph that trains, not from the recipe: every box is a scope of the graph, every line a tensor that crosses from one to another. B stands for the batch.',
      zh: '此图由实际训练的计算图生成，而非由配方生成：每个方框是计算图中的一个作用域，每条线是跨越作用域的张量。B 表示批次大小。',
    },
    { formula: 'B × 17 × 64:  batch × tokens × width' },
    {
      en: 'The number in a box counts the parameters inside. Marks on an objective say what it reads. The strip at the left of a box is the norm of its gradient over a logarithmic scale, where the panel of norms by block is on screen.',
      zh: '方框内的数字是其中的参数量。目标上的标记表示其读取的模态。方框左侧的色条是梯度范数（对数刻度），需“各模块范数”面板在屏幕上。',
    },
    {
      en: 'Choosing a box asks the histogram panel for what leaves it; below the drawing its gradient, its parameters and its parts can be asked for.',
      zh: '选择方框后，直方图面板会显示其输出；图下方可选择其梯度、参数及各部分。',
    },
  ],
  sources: [
    'Wongsuphasawat et al. 2018, IEEE TVCG 24(1): Visualizing Dataflow Graphs of Deep Learning Models',
  ],
};
