/** A checkpoint's config.json: which family it is, and the fields of our encoder that has its shape. */
import * as v from 'valibot';
import type { FieldValues } from '../../core/fields.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const activation = v.picklist(['quick_gelu', 'gelu', 'gelu_pytorch_tanh', 'gelu_new']);
const layers = {
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
};
/** Epsilons and the like that our encoders take as given. */
const exactly = (value: number, fallback = value) =>
  v.optional(
    v.pipe(
      v.number(),
      v.check((given) => given === value, `only ${value} is known`),
    ),
    fallback,
  );

const clipLayers = {
  ...layers,
  hidden_act: v.optional(activation, 'quick_gelu'),
  layer_norm_eps: exactly(1e-5),
};
const picture = { image_size: count, patch_size: count, num_channels: exactly(3) };

export const clipConfig = v.looseObject({
  model_type: v.literal('clip'),
  projection_dim: count,
  vision_config: v.looseObject({ ...clipLayers, ...picture }),
  text_config: v.looseObject({ ...clipLayers, vocab_size: count, max_position_embeddings: count }),
});
export const vitConfig = v.looseObject({
  model_type: v.literal('vit'),
  ...layers,
  ...picture,
  hidden_act: v.optional(activation, 'gelu'),
  layer_norm_eps: exactly(1e-12),
  qkv_bias: v.optional(v.literal(true), true),
});
export const bertConfig = v.looseObject({
  model_type: v.literal('bert'),
  ...layers,
  vocab_size: count,
  max_position_embeddings: count,
  hidden_act: v.optional(activation, 'gelu'),
  layer_norm_eps: exactly(1e-12),
  position_embedding_type: v.optional(v.literal('absolute'), 'absolute'),
});

interface Layers {
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  hidden_act: v.InferOutput<typeof activation>;
}

/** `gelu_new` is the same as by tanh. */
export const layerFields = (config: Layers): FieldValues => ({
  width: config.hidden_size,
  depth: config.num_hidden_layers,
  heads: config.num_attention_heads,
  inner: config.intermediate_size,
  activation: config.hidden_act === 'gelu_new' ? 'gelu_pytorch_tanh' : config.hidden_act,
});
