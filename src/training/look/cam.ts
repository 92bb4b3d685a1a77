/** Grad-CAM (evaluation/gradCam.ts) over the places of every modality. */
import { gradCam } from '../../evaluation/gradCam.ts';
import { encoderOf } from '../../models/encoders/chosen.ts';
import { namesOfTokens } from '../tokens.ts';
import { type Credit, type Explanation, modalitiesOf, type Question, rows, runnerOf } from './explain.ts';

export async function camOf(question: Question): Promise<Explanation> {
  const { model, pair, inputs, unit } = question;
  const runner = await runnerOf(question, true);
  const found = await runner.run(inputs);
  const credits = modalitiesOf(question).flatMap((modality): Credit[] => {
    const read = found[`tokens.${modality}.read`];
    const gradient = found[`tokens.${modality}.gradient`];
    if (!read || !gradient) return [];
    const { definition, fields } = encoderOf(model.recipe, modality);
    const channels = definition.tokenWidth(fields);
    const stored = read.length / rows / channels;
    const named = namesOfTokens(model.recipe, model.data, pair, modality, stored);
    // A class token is no place, padding neither.
    const leading = named.leading ?? (named.labels[0] === '[CLS]' ? 1 : 0);
    const count = named.labels.length - leading;
    const part = (all: Float32Array) => all.subarray(leading * channels, (leading + count) * channels);
    const values = Float32Array.from(gradCam(part(read), part(gradient), channels));
    const shape = named.grid ? [named.grid, named.grid] : [count];
    return [{ modality, shape, values, ...named, labels: named.labels.slice(leading), leading: 0 }];
  });
  return { value: found['value'][0] * unit.scale + unit.offset, credits };
}
