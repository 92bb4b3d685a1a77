/** The recipes that ship, and the built-in data that each is meant for. */
import captioner from '../../recipes/captioner.json' with { type: 'json' };
import clipEmoji from '../../recipes/clip-emoji.json' with { type: 'json' };
import clipPhotos from '../../recipes/clip-photos.json' with { type: 'json' };
import clipShapes from '../../recipes/clip-shapes.json' with { type: 'json' };
import digits from '../../recipes/digits.json' with { type: 'json' };
import digitsAv from '../../recipes/digits-av.json' with { type: 'json' };
import fusionCoAttention from '../../recipes/fusion-co-attention.json' with { type: 'json' };
import fusionDynamic from '../../recipes/fusion-dynamic.json' with { type: 'json' };
import fusionEarly from '../../recipes/fusion-early.json' with { type: 'json' };
import fusionFlamingo from '../../recipes/fusion-flamingo.json' with { type: 'json' };
import fusionHierarchical from '../../recipes/fusion-hierarchical.json' with { type: 'json' };
import fusionLateGated from '../../recipes/fusion-late-gated.json' with { type: 'json' };
import fusionLowRank from '../../recipes/fusion-low-rank.json' with { type: 'json' };
import fusionMidGated from '../../recipes/fusion-mid-gated.json' with { type: 'json' };
import fusionMoe from '../../recipes/fusion-moe.json' with { type: 'json' };
import fusionPerceiver from '../../recipes/fusion-perceiver.json' with { type: 'json' };
import fusionQFormer from '../../recipes/fusion-q-former.json' with { type: 'json' };
import imbalance from '../../recipes/imbalance.json' with { type: 'json' };
import interactions from '../../recipes/interactions.json' with { type: 'json' };
import masked from '../../recipes/masked.json' with { type: 'json' };
import product from '../../recipes/product.json' with { type: 'json' };
import vqa from '../../recipes/vqa.json' with { type: 'json' };
import xor from '../../recipes/xor.json' with { type: 'json' };
import type { Text } from '../core/fields.ts';
import { parseRecipe, type Recipe } from '../core/recipe.ts';

export interface ShippedRecipe {
  id: string;
  title: Text;
  summary: Text;
  /** `builtin:…`, the data it is meant for, if any. */
  dataset?: string;
  recipe: Recipe;
}

const list: [unknown, Text, Text, string?][] = [
  [
    clipShapes,
    { en: 'Shapes (CLIP)', zh: '形状 (CLIP)' },
    {
      en: 'A small two-tower model for the built-in shapes: learns in minutes, even without a GPU.',
      zh: '用于内置形状数据的小型双塔模型：即使没有 GPU，也能在几分钟内学会。',
    },
    'builtin:shapes',
  ],
  [
    digits,
    { en: 'Seen and heard digits', zh: '看到与听到的数字' },
    {
      en: 'Tells digits from a drawing and a sound together, better than from either.',
      zh: '结合手写图像与声音识别数字，优于任一单独模态。',
    },
    'builtin:digits',
  ],
  [
    captioner,
    { en: 'Captions for shapes', zh: '形状描述生成' },
    { en: 'Writes the caption of a picture word by word.', zh: '逐词写出图片的说明文字。' },
    'builtin:shapes',
  ],
  [
    masked,
    { en: 'Masked words and patches, matching', zh: '掩码建模与图文匹配' },
    {
      en: 'Finds hidden words and patches again and tells true pairs from similar wrong ones.',
      zh: '还原被遮住的词与图块，并区分真假配对。',
    },
    'builtin:shapes',
  ],
  [
    product,
    { en: 'Table, picture and text', zh: '表格、图片与文字' },
    {
      en: 'Says what an object is from its measurements, its picture and its description, any of which may be missing.',
      zh: '根据测量值、图片与描述判断物品类别，任一模态都可缺失。',
    },
    'builtin:product',
  ],
  [
    fusionEarly,
    { en: 'Early fusion: questions about shapes', zh: '早期融合：关于形状的问答' },
    { en: 'All tokens through one Transformer.', zh: '所有词元进入同一个 Transformer。' },
    'builtin:shapes-qa',
  ],
  [
    fusionLateGated,
    { en: 'Late fusion with gates: digits', zh: '带门控的晚期融合：数字' },
    { en: 'A learned gate weighs what is seen and what is heard.', zh: '用学习到的门控权衡视觉与听觉。' },
    'builtin:digits',
  ],
  [
    fusionCoAttention,
    { en: 'Co-attention: questions about shapes', zh: '协同注意力：关于形状的问答' },
    { en: 'Words attend to patches and patches to words.', zh: '词关注图块，图块也关注词。' },
    'builtin:shapes-qa',
  ],
  [
    fusionFlamingo,
    { en: 'Flamingo: questions about shapes', zh: 'Flamingo：关于形状的问答' },
    { en: 'Gated cross-attention that starts closed.', zh: '从关闭状态开始的门控交叉注意力。' },
    'builtin:shapes-qa',
  ],
  [
    fusionPerceiver,
    { en: 'Perceiver: table, picture and text', zh: 'Perceiver：表格、图片与文字' },
    { en: 'A few latents read everything.', zh: '少量隐变量读取全部词元。' },
    'builtin:product',
  ],
  [
    fusionQFormer,
    { en: 'Q-Former: questions about shapes', zh: 'Q-Former：关于形状的问答' },
    { en: 'Learned queries read the picture.', zh: '可学习的查询读取图片。' },
    'builtin:shapes-qa',
  ],
  [
    fusionMidGated,
    { en: 'Mid fusion with gates: digits', zh: '带门控的中期融合：数字' },
    { en: 'Modalities scale each other inside the Transformer.', zh: '各模态在 Transformer 内相互调节。' },
    'builtin:digits',
  ],
  [
    fusionHierarchical,
    { en: 'Hierarchical fusion: table, picture and text', zh: '层次融合：表格、图片与文字' },
    { en: 'Three levels, each of which can be off.', zh: '三个层级，均可单独关闭。' },
    'builtin:product',
  ],
  [
    fusionMoe,
    { en: 'Mixture of experts: table, picture and text', zh: '专家混合：表格、图片与文字' },
    { en: 'Each token is sent to one of four experts.', zh: '每个词元由四个专家之一处理。' },
    'builtin:product',
  ],
  [
    fusionDynamic,
    { en: 'Dynamic fusion: table, picture and text', zh: '动态融合：表格、图片与文字' },
    {
      en: 'Follows which modalities a sample has and how sure each is.',
      zh: '根据样本拥有的模态及其可信度决定路径。',
    },
    'builtin:product',
  ],
  [
    fusionLowRank,
    { en: 'Low-rank fusion: digits', zh: '低秩融合：数字' },
    { en: 'Products of the modalities, by factors of low rank.', zh: '各模态的乘积，以低秩因子实现。' },
    'builtin:digits',
  ],
  [
    xor,
    { en: 'Parity of three modalities', zh: '三模态奇偶' },
    {
      en: 'No modality and no pair tells the answer; all three together do.',
      zh: '任一模态或任意两者都无法得知答案，三者合在一起才行。',
    },
    'builtin:xor',
  ],
  [
    interactions,
    { en: 'Redundant, unique, synergistic', zh: '冗余、独有与协同' },
    {
      en: 'A set with known interactions, for comparing fusions.',
      zh: '交互方式已知的数据，用于比较融合方法。',
    },
    'builtin:interactions',
  ],
  [
    imbalance,
    { en: 'Strong and weak modality', zh: '强弱模态' },
    {
      en: 'Joint training leaves the modality that learns later behind; try what balances them.',
      zh: '联合训练会冷落学得较慢的模态；可试用各种平衡方法。',
    },
    'builtin:imbalance',
  ],
  [
    vqa,
    { en: 'Questions about pictures', zh: '图片问答' },
    {
      en: 'For pictures with questions and answers, such as easy-VQA.',
      zh: '适用于带问答的图片，如 easy-VQA。',
    },
    'builtin:shapes-qa',
  ],
  [
    digitsAv,
    { en: 'Spoken and handwritten digits', zh: '语音与手写数字' },
    {
      en: 'For a table of pictures, sounds and labels, such as a few hundred spoken and written digits.',
      zh: '适用于包含图片、声音与标签的表格，例如数百个语音与手写数字。',
    },
  ],
  [
    clipEmoji,
    { en: 'Icons and emoji (CLIP)', zh: '图标与表情 (CLIP)' },
    {
      en: 'For about a thousand drawn pictures with short names; crops, colour and word dropout against over-fitting.',
      zh: '适合约一千张带短名称的绘制图片；用裁剪、颜色和词丢弃防止过拟合。',
    },
  ],
  [
    clipPhotos,
    { en: 'Photos and captions (CLIP)', zh: '照片与说明 (CLIP)' },
    {
      en: 'A larger model for thousands of photos with sentences; wants a GPU.',
      zh: '面向数千张配有句子的照片的较大模型；需要 GPU。',
    },
  ],
];

export const recipes = (): ShippedRecipe[] =>
  list.map(([json, title, summary, dataset]) => {
    const recipe = parseRecipe(json);
    return { id: recipe.name, title, summary, dataset, recipe };
  });
