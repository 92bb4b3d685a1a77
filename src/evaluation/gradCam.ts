/**
 * Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391): the tokens' channels weighed by the mean of their gradients over all places, and what speaks for the
 * answer kept. Of a CNN the tokens are the places of its last stage; of a Transformer what its last block reads.
 */

/**
 * @param activations places × channels, of the places that count. @param gradients of the explained number, of the same shape
 * @returns one number per place, ≥ 0
 */
export function gradCam(
  activations: ArrayLike<number>,
  gradients: ArrayLike<number>,
  channels: number,
): Float64Array {
  const places = activations.length / channels;
  const weights = new Float64Array(channels);
  for (let place = 0; place < places; place++)
    for (let channel = 0; channel < channels; channel++)
      weights[channel] += gradients[place * channels + channel] / places;
  return Float64Array.from({ length: places }, (_, place) => {
    let total = 0;
    for (let channel = 0; channel < channels; channel++)
      total += weights[channel] * activations[place * channels + channel];
    return Math.max(0, total);
  });
}
