/** A stand-in for the catalog: two encoders, one fusion, two objectives, one recipe in two sizes. */
import type { Field } from '../../core/fields.ts';
import { parseRecipe, type Recipe } from '../../core/recipe.ts';
import type { Catalog, Diagram } from '../../workers/api.ts';

const integer = (
  key: string,
  en: string,
  zh: string,
  value: number,
  min: number,
  max: number,
  more = false,
): Field => ({
  key,
  kind: 'integer',
  default: value,
  min,
  max,
  label: { en, zh },
  help: { en: `${en}: more is stronger and slower.`, zh: `${zh}：越大越强，也越慢。` },
  advanced: more,
});

const tower = [
  integer('width', 'Width', '宽度', 64, 16, 768),
  integer('depth', 'Blocks', '层数', 2, 1, 24),
  integer('heads', 'Heads', '注意力头数', 4, 1, 16),
  integer('mlp', 'MLP ratio', 'MLP 倍率', 4, 1, 8, true),
];

function recipe(name: string, width: number, depth: number, steps: number): Recipe {
  return parseRecipe({
    format: 'amalgam-recipe/1',
    name,
    data: {
      imageSize: 32,
      textLength: 16,
      vocabulary: 512,
      split: { by: 'files', validation: 0.1, test: 0.1, seed: 1 },
      augment: { crop: 0.1, flip: false, color: 0.1, wordDropout: 0 },
    },
    encoders: {
      image: { type: 'vit', width, depth, heads: 4, mlp: 4, patch: 8 },
      text: { type: 'transformer', width, depth, heads: 4, mlp: 4 },
    },
    fusion: { type: 'two-tower', dimensions: 64 },
    objectives: [{ type: 'clip', weight: 1, temperature: 0.07 }],
    training: {
      batch: 32,
      steps,
      optimizer: { type: 'adamw', learningRate: 0.001, weightDecay: 0.1 },
      schedule: { type: 'cosine', warmup: 50 },
      clip: 1,
      validateEvery: 50,
      checkpointEvery: 200,
    },
    seed: 1,
  });
}

export const fakeCatalog: Catalog = {
  encoders: [
    {
      type: 'vit',
      modality: 'image',
      title: { en: 'Vision transformer', zh: '视觉 Transformer (ViT)' },
      summary: {
        en: 'Cuts the picture into patches and lets them attend to each other.',
        zh: '把图片切成小块，让它们相互注意。',
      },
      source: 'https://arxiv.org/abs/2010.11929',
      fields: [...tower, integer('patch', 'Patch side', '小块边长', 8, 2, 32)],
    },
    {
      type: 'transformer',
      modality: 'text',
      title: { en: 'Text transformer', zh: '文本 Transformer' },
      summary: {
        en: 'Causal transformer over tokens; the end mark speaks for the sentence.',
        zh: '按词元的因果 Transformer，以结束符代表整句。',
      },
      fields: tower,
    },
  ],
  fusions: [
    {
      type: 'two-tower',
      title: { en: 'Two towers (CLIP)', zh: '双塔 (CLIP)' },
      summary: {
        en: 'Each modality is projected into one space; they meet only in the objective.',
        zh: '各模态投影到同一空间，只在目标处相遇。',
      },
      source: 'https://arxiv.org/abs/2103.00020',
      fields: [integer('dimensions', 'Shared dimensions', '共享维度', 64, 8, 1024)],
    },
  ],
  objectives: [
    {
      type: 'clip',
      title: { en: 'Contrastive (CLIP)', zh: '对比学习 (CLIP)' },
      summary: {
        en: 'Each picture should find its caption in the batch, and each caption its picture.',
        zh: '批内每张图片找到自己的文字，每段文字找到自己的图片。',
      },
      fields: [
        {
          key: 'weight',
          kind: 'number',
          default: 1,
          min: 0,
          max: 10,
          label: { en: 'Weight', zh: '权重' },
          help: { en: 'Share in the sum of objectives.', zh: '在目标总和中的占比。' },
        },
        {
          key: 'temperature',
          kind: 'number',
          default: 0.07,
          min: 0.01,
          max: 1,
          scale: 'log',
          label: { en: 'Temperature', zh: '温度' },
          help: { en: 'Where the learned temperature starts.', zh: '可学习温度的初值。' },
        },
      ],
    },
    {
      type: 'siglip',
      title: { en: 'Sigmoid (SigLIP)', zh: 'Sigmoid (SigLIP)' },
      summary: { en: 'Each pair is judged alone.', zh: '逐对独立判断。' },
      fields: [
        {
          key: 'weight',
          kind: 'number',
          default: 1,
          min: 0,
          max: 10,
          label: { en: 'Weight', zh: '权重' },
          help: { en: 'Share in the sum of objectives.', zh: '在目标总和中的占比。' },
        },
      ],
    },
  ],
  optimizers: [
    {
      type: 'adamw',
      title: { en: 'AdamW', zh: 'AdamW' },
      summary: { en: 'Adam with decoupled weight decay.', zh: '解耦权重衰减的 Adam。' },
      fields: [
        {
          key: 'learningRate',
          kind: 'number',
          default: 0.001,
          min: 0.00001,
          max: 0.1,
          scale: 'log',
          label: { en: 'Learning rate', zh: '学习率' },
          help: { en: 'Peak of the schedule.', zh: '调度的峰值。' },
        },
        {
          key: 'weightDecay',
          kind: 'number',
          default: 0.1,
          min: 0,
          max: 1,
          label: { en: 'Weight decay', zh: '权重衰减' },
          help: { en: 'Pulls weights to zero.', zh: '把权重拉向零。' },
          advanced: true,
        },
      ],
    },
  ],
  schedules: [
    {
      type: 'cosine',
      title: { en: 'Cosine', zh: '余弦' },
      summary: { en: 'Warm up, then fall along half a cosine.', zh: '先预热，再沿半个余弦下降。' },
      fields: [integer('warmup', 'Warm-up steps', '预热步数', 50, 0, 10000)],
    },
  ],
  recipes: [
    {
      id: 'shapes-small',
      title: { en: 'Small, for any machine', zh: '小型，适合任何机器' },
      summary: {
        en: 'Two towers of two blocks; a curve within seconds.',
        zh: '两座两层的塔；几秒内出现曲线。',
      },
      dataset: 'shapes',
      recipe: recipe('Two towers, small', 64, 2, 600),
    },
    {
      id: 'base',
      title: { en: 'Base, for a GPU', zh: '基础，适合 GPU' },
      summary: { en: 'Six blocks of width 256.', zh: '六层，宽度 256。' },
      recipe: recipe('Two towers, base', 256, 6, 5000),
    },
  ],
};

export function fakeDiagram(of: Recipe): Diagram {
  const blocks: Diagram['blocks'] = [];
  const edges: Diagram['edges'] = [];
  const add = (block: Diagram['blocks'][number], from?: string, shape = '') => {
    blocks.push(block);
    if (from) edges.push({ from, to: block.id, shape });
  };
  for (const modality of ['image', 'text']) {
    const values = of.encoders[modality];
    const width = Number(values['width']);
    const patch = Number(values['patch']);
    const tokens = modality === 'image' ? (of.data.imageSize / patch) ** 2 + 1 : of.data.textLength;
    const input =
      modality === 'image' ? `B × ${of.data.imageSize} × ${of.data.imageSize} × 3` : `B × ${tokens}`;
    const shape = `B × ${tokens} × ${width}`;
    const parent = modality;
    add({
      id: `${modality}.input`,
      kind: 'input',
      modality,
      label: modality === 'image' ? 'Pictures' : 'Captions',
      parameters: 0,
      output: input,
    });
    const depth = Number(values['depth']);
    const block = 12 * width * width + 13 * width;
    add({
      id: parent,
      kind: 'encoder',
      modality,
      label: modality === 'image' ? 'Vision transformer' : 'Text transformer',
      parameters: block * depth + 3 * patch * patch * width,
      output: `B × ${width}`,
    });
    add(
      {
        id: `${parent}.embed`,
        parent,
        kind: 'layer',
        modality,
        label: modality === 'image' ? 'Patch embedding' : 'Token embedding',
        parameters: (modality === 'image' ? 3 * patch * patch : of.data.vocabulary) * width,
        output: shape,
      },
      `${modality}.input`,
      input,
    );
    let previous = `${parent}.embed`;
    for (let i = 0; i < depth; i++) {
      const id = `${parent}.blocks.${i}`;
      add(
        { id, parent, kind: 'block', modality, label: `Block ${i}`, parameters: block, output: shape },
        previous,
        shape,
      );
      add({
        id: `${id}.attention`,
        parent: id,
        kind: 'layer',
        modality,
        label: 'Self-attention',
        parameters: 4 * width * width,
        output: shape,
      });
      add({
        id: `${id}.mlp`,
        parent: id,
        kind: 'layer',
        modality,
        label: 'MLP',
        parameters: 8 * width * width,
        output: shape,
      });
      previous = id;
    }
    add(
      {
        id: `${parent}.pool`,
        parent,
        kind: 'layer',
        modality,
        label: modality === 'image' ? 'CLS token' : 'End token',
        parameters: 0,
        output: `B × ${width}`,
      },
      previous,
      shape,
    );
  }
  const dimensions = Number(of.fusion['dimensions']);
  add(
    {
      id: 'fusion',
      kind: 'fusion',
      modality: 'fused',
      label: 'Two towers',
      parameters: 2 * 64 * dimensions,
      output: `B × ${dimensions}`,
    },
    'image.pool',
    `B × ${of.encoders['image']['width']}`,
  );
  edges.push({ from: 'text.pool', to: 'fusion', shape: `B × ${of.encoders['text']['width']}` });
  add(
    {
      id: 'objective.clip',
      kind: 'objective',
      modality: 'fused',
      label: 'Contrastive (CLIP)',
      parameters: 1,
      output: 'scalar',
    },
    'fusion',
    'B × B',
  );
  return { blocks, edges };
}
