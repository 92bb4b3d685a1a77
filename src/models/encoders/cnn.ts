/**
 * Convolutional picture encoders: a LeNet (LeCun et al. 1998) of two convolutions with pooling, or a ResNet-18 (He et al. 2016) of four stages
 * with two basic blocks each; batch norm and ReLU in both. The classifier is replaced by a projection to the shared width, of every place of the
 * last stage (LeNet) or of their mean (ResNet); the places are the tokens.
 */
import type { Graph } from '../../engine/graph/graph.ts';
import type { Tensor } from '../../engine/graph/tensor.ts';
import { add, maxPool, mean, permute, relu, reshape } from '../../engine/ops/functions.ts';
import type { EncoderDefinition } from '../definition.ts';
import { type BatchNormOptions, batchNorm } from '../layers/batchNorm.ts';
import { type ConvOptions, conv2d } from '../layers/conv.ts';
import { linear } from '../layers/linear.ts';

/** Convolution and batch norm; the norm's bias serves for both. */
type Convolve = (name: string, x: Tensor, width: number, options: ConvOptions) => Tensor;

const convolver =
  (graph: Graph, norm: BatchNormOptions): Convolve =>
  (name, x, width, options) =>
    batchNorm(graph, `${name}_norm`, conv2d(graph, name, x, width, { ...options, bias: false }), norm);

const pool = (x: Tensor, kernel: number, padding = 0) =>
  maxPool(x, { kernel: [kernel, kernel], stride: [2, 2], padding: [padding, padding] });

function lenet(graph: Graph, convolve: Convolve, images: Tensor, width: number, stride: number): Tensor {
  return graph.scope('blocks', () => {
    const first = graph.scope('0', () =>
      pool(relu(convolve('conv', images, width, { kernel: 5, stride })), 2),
    );
    return graph.scope('1', () => pool(relu(convolve('conv', first, 2 * width, { kernel: 5 })), 2));
  });
}

/** y = relu(x + F(x)); where the grid or the width changes, x goes through a 1 × 1 convolution. */
function basicBlock(convolve: Convolve, x: Tensor, width: number, stride: number): Tensor {
  const inner = relu(convolve('conv1', x, width, { kernel: 3, stride }));
  const outer = convolve('conv2', inner, width, { kernel: 3 });
  const same = stride === 1 && x.shape[3] === width;
  return relu(add(outer, same ? x : convolve('shortcut', x, width, { kernel: 1, stride })));
}

function resnet(graph: Graph, convolve: Convolve, images: Tensor, width: number, stride: number): Tensor {
  let x = graph.scope('stem', () => {
    const first = convolve('conv', images, width, stride === 1 ? { kernel: 3 } : { kernel: 7, stride: 2 });
    return stride === 4 ? pool(relu(first), 3, 1) : relu(first);
  });
  for (let block = 0; block < 8; block++) {
    const stage = block >> 1;
    x = graph.scope('blocks', () =>
      graph.scope(String(block), () =>
        basicBlock(convolve, x, width << stage, block % 2 === 0 && stage > 0 ? 2 : 1),
      ),
    );
  }
  return x;
}

export const cnn: EncoderDefinition = {
  type: 'cnn',
  modality: 'image',
  title: { en: 'Convolutional net (CNN)', zh: '卷积网络 (CNN)' },
  summary: {
    en: 'Slides small filters over a picture, stage by stage coarser; learns well from few pictures.',
    zh: '用小滤波器在图片上滑动，逐级变粗；数据较少时也容易学好。',
  },
  source: 'He et al. 2016, arXiv 1512.03385; LeCun et al. 1998',
  fields: [
    {
      key: 'shape',
      kind: 'choice',
      label: { en: 'Shape', zh: '结构' },
      help: {
        en: 'LeNet has two convolutions and is fast; ResNet-18 has seventeen, with shortcuts.',
        zh: 'LeNet 只有两层卷积，速度快；ResNet-18 有十七层并带残差连接。',
      },
      default: 'resnet',
      choices: [
        { value: 'lenet', label: { en: 'LeNet', zh: 'LeNet' } },
        { value: 'resnet', label: { en: 'ResNet-18', zh: 'ResNet-18' } },
      ],
    },
    {
      key: 'width',
      kind: 'integer',
      label: { en: 'Width', zh: '宽度' },
      help: {
        en: 'Filters of the first stage; later stages have two, four and eight times as many. The papers have 6 and 64.',
        zh: '第一级的滤波器数；后面各级为其 2、4、8 倍。论文中为 6 和 64。',
      },
      default: 16,
      min: 4,
      max: 128,
      step: 4,
    },
    {
      key: 'stem',
      kind: 'choice',
      label: { en: 'First step', zh: '首层步幅' },
      help: {
        en: 'How much coarser the first layer makes the picture. Small pictures need 1 or 2; ResNet’s paper has 4 for 224 pixels.',
        zh: '首层把图片缩小几倍。小图片用 1 或 2；ResNet 论文对 224 像素用 4。',
      },
      default: '2',
      choices: ['1', '2', '4'].map((value) => ({ value, label: { en: `÷ ${value}`, zh: `÷ ${value}` } })),
    },
  ],
  tokenWidth: ({ shape, width }) => (width as number) * (shape === 'lenet' ? 2 : 8),
  build({ graph, inputs, present, fields, width: shared, training, probe }) {
    const convolve = convolver(graph, { training, present });
    const body = fields['shape'] === 'lenet' ? lenet : resnet;
    const stage = body(graph, convolve, inputs['images'], fields['width'] as number, Number(fields['stem']));
    probe?.('stage', stage);
    const [batch, height, width, channels] = stage.shape;
    // LeNet's last layers see every place, in PyTorch's order of numbers; ResNet's see the mean over places.
    const pooled =
      fields['shape'] === 'lenet'
        ? reshape(permute(stage, [0, 3, 1, 2]), [batch, channels * height * width])
        : reshape(mean(stage, [1, 2]), [batch, channels]);
    return {
      pooled: linear(graph, 'projection', pooled, shared, { bias: false }),
      tokens: reshape(stage, [batch, height * width, channels]),
    };
  },
};
