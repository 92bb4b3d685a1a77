/**
 * How a picture becomes the model's input, in the words of Hugging Face's `preprocessor_config.json`. What that file
 * has no word for (how the picture is made square, what is behind transparency) stands beside it under its own name.
 */
import * as v from 'valibot';

export interface Preprocessing {
  /** Side of the square that the model sees, pixels. */
  size: number;
  /** Per channel, of values in 0 … 1. */
  mean: [number, number, number];
  deviation: [number, number, number];
  fit: 'crop' | 'pad' | 'stretch';
  /** `#rrggbb` */
  background: string;
}

const unit = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(512));
const schema = v.looseObject({
  size: v.pipe(
    v.object({ height: side, width: side }),
    v.check(({ height, width }) => height === width, 'not square'),
  ),
  image_mean: v.tuple([unit, unit, unit]),
  image_std: v.pipe(
    v.tuple([unit, unit, unit]),
    v.check((values) => values.every((value) => value > 0), 'a deviation of 0'),
  ),
  fit: v.picklist(['crop', 'pad', 'stretch']),
  background: v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)),
});

export function writePreprocessing(preprocessing: Preprocessing): Record<string, unknown> {
  const { size, mean, deviation, fit, background } = preprocessing;
  return {
    image_processor_type: 'ViTImageProcessor',
    do_convert_rgb: true,
    do_resize: true,
    size: { height: size, width: size },
    // Pillow's BILINEAR, the triangle filter that the pictures were made with.
    resample: 2,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: deviation,
    fit,
    background,
  };
}

/** The settings, or what is wrong with the file. */
export function readPreprocessing(json: unknown): Preprocessing | string {
  const result = v.safeParse(schema, json);
  if (!result.success) {
    const [issue] = result.issues;
    return `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`;
  }
  const { size, image_mean, image_std, fit, background } = result.output;
  return { size: size.width, mean: image_mean, deviation: image_std, fit, background };
}
