/** A map of samples as the model sees them, by their vectors: principal components at once, UMAP on wish. */
import { lazy, Suspense } from 'react';
import type { Field } from '../../core/fields.ts';
import type { Embedding } from '../../workers/api.ts';
import { api } from '../app/api.ts';
import { placesOf } from './embedding/places.ts';
import { splitField } from './fields.ts';
import { defineLookPanel, type LookProps } from './lookPanel.tsx';

const EmbeddingMap = lazy(async () => ({
  default: (await import('./embedding/EmbeddingMap.tsx')).EmbeddingMap,
}));

const fields: Field[] = [
  {
    key: 'map',
    kind: 'choice',
    label: { en: 'Map', zh: '降维' },
    help: {
      en: 'Principal components are a straight shadow with a scale; UMAP keeps neighbours together and bends all else.',
      zh: '主成分是线性投影，坐标有尺度；UMAP 保持邻近关系，其余会变形。',
    },
    default: 'pca',
    choices: [
      { value: 'pca', label: { en: 'principal components', zh: '主成分 (PCA)' } },
      { value: 'umap', label: { en: 'UMAP', zh: 'UMAP' } },
    ],
  },
  {
    key: 'of',
    kind: 'choice',
    label: { en: 'Vectors', zh: '向量' },
    help: {
      en: 'Of each modality by itself, or the one vector that the fusion makes of all.',
      zh: '各模态各自的向量，或融合后的联合向量。',
    },
    default: 'auto',
    choices: [
      { value: 'auto', label: { en: 'what is trained', zh: '自动' } },
      { value: 'towers', label: { en: 'of each modality', zh: '各模态' } },
      { value: 'joint', label: { en: 'fused', zh: '融合' } },
    ],
  },
  {
    key: 'color',
    kind: 'choice',
    label: { en: 'Colour and mark', zh: '颜色与标记' },
    help: { en: 'What colour and mark tell apart.', zh: '用颜色和标记区分的内容。' },
    default: 'modality',
    choices: [
      { value: 'modality', label: { en: 'modality', zh: '模态' } },
      { value: 'class', label: { en: 'class', zh: '类别' } },
      { value: 'split', label: { en: 'split', zh: '划分' } },
      { value: 'loss', label: { en: 'loss', zh: '损失' } },
    ],
  },
  splitField,
  {
    key: 'limit',
    kind: 'integer',
    label: { en: 'Samples', zh: '样本数' },
    help: {
      en: 'At most so many, taken evenly from the split.',
      zh: '最多显示的样本数，从划分中均匀抽取。',
    },
    default: 500,
    min: 10,
    max: 2000,
    step: 10,
  },
  {
    key: 'pictures',
    kind: 'switch',
    label: { en: 'Pictures instead of dots', zh: '以图片代替点' },
    help: { en: 'Shows pictures where their vectors lie.', zh: '在图片向量的位置显示缩略图。' },
    default: false,
  },
  {
    key: 'neighbours',
    kind: 'integer',
    label: { en: 'UMAP: neighbours', zh: 'UMAP：邻居数' },
    help: {
      en: 'Few show fine structure, many the whole.',
      zh: '较小显示局部结构，较大显示整体结构。',
    },
    default: 15,
    min: 2,
    max: 100,
    advanced: true,
  },
  {
    key: 'least',
    kind: 'number',
    label: { en: 'UMAP: least distance', zh: 'UMAP：最小距离' },
    help: { en: 'How tight clusters are drawn.', zh: '簇的紧密程度。' },
    default: 0.1,
    min: 0,
    max: 1,
    step: 0.05,
    advanced: true,
  },
];

const questions = ['auto', 'towers', 'joint'] as const;
const splits = ['train', 'validation', 'test', 'all'] as const;

function Body(props: LookProps<Embedding>) {
  return (
    <Suspense fallback={null}>
      <EmbeddingMap {...props} />
    </Suspense>
  );
}

export const embedding = defineLookPanel({
  id: 'embedding',
  title: { en: 'Embedding map', zh: '嵌入图' },
  explain: {
    en: 'Each dot is a sample as the model sees it; near dots are alike to it. Pairs should lie together.',
    zh: '每个点是模型眼中的一个样本；距离近表示模型认为相似。配对的点应靠在一起。',
  },
  article: () => import('./articles/embedding.ts'),
  empty: { en: 'The map appears with the next step.', zh: '下一步完成后显示嵌入图。' },
  columns: 8,
  rows: 11,
  fields,
  question: ({ of, split, limit, color }) => ({
    of: questions.find((one) => one === of) ?? 'auto',
    split: splits.find((one) => one === split) ?? 'validation',
    limit: Number(limit),
    losses: color === 'loss',
  }),
  ask: (question, at) => api().engine.embedding(question, at),
  interval: 2500,
  Body,
  table: (result) => {
    const { kinds, kind, sample, samples, components } = result;
    const places = placesOf(result);
    const columns = ['vector', 'sample', 'file', 'caption', 'split', 'class', 'loss', 'pc1', 'pc2'];
    return {
      columns: places ? [...columns, 'umap1', 'umap2'] : columns,
      rows: Array.from(kind, (of, point) => {
        const { sample: index, file, text = '', split, target = '', figure } = samples[sample[point]];
        const at = [components[2 * point], components[2 * point + 1]];
        const mapped = places ? [places[2 * point], places[2 * point + 1]] : [];
        return [kinds[of], index, file, text, split, target, figure, ...at, ...mapped];
      }),
    };
  },
});
