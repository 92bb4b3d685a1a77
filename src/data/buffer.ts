/**
 * Which training samples of earlier data are kept for replay: a pure function of the seed. Drawn evenly, as a reservoir over a stream leaves them (Vitter 1985;
 * Chaudhry et al. 2019, arXiv 1902.10486), or class by class in turn (GDumb, Prabhu et al. 2020), so that rare classes are kept too.
 */
import { StudioError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import type { PreparedData } from './prepared.ts';

/**
 * @param count samples that are kept; all of the training split where it has fewer
 * @returns samples, in the order in which they were chosen: a smaller buffer of the same seed is the beginning of a larger one
 * @throws StudioError `recipe-invalid` where classes are asked for and the data has none
 */
export function chooseBuffer(
  data: PreparedData,
  count: number,
  by: 'random' | 'class',
  seed: number,
): Int32Array {
  const train = Int32Array.from(new Set(data.splitPairs.train.map((pair) => data.pairs.sample[pair])));
  const order = Int32Array.from(random(seed, 'replay').permutation(train.length), (place) => train[place]);
  return (by === 'class' ? inTurns(order, classesOf(data)) : order).slice(0, count);
}

/** The class of each sample, that of its first pair whose class is known; −1 where none is. */
function classesOf({ target, pairs, files }: PreparedData): Int32Array {
  if (target?.kind !== 'class')
    throw new StudioError('recipe-invalid', {
      path: 'training.replay.by',
      message: 'the earlier data has no classes; choose “random”',
    });
  const classes = new Int32Array(files.length).fill(-1);
  for (let pair = pairs.count - 1; pair >= 0; pair--)
    if (target.values[pair] >= 0) classes[pairs.sample[pair]] = target.values[pair];
  return classes;
}

/** One of each class after another, for as long as a class has any. */
function inTurns(order: Int32Array, classes: Int32Array): Int32Array {
  const queues = new Map<number, number[]>();
  for (const sample of order) {
    const queue = queues.get(classes[sample]) ?? [];
    queues.set(classes[sample], queue);
    queue.push(sample);
  }
  const lists = [...queues.values()];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const result: number[] = [];
  for (let turn = 0; turn < longest; turn++)
    for (const list of lists) if (turn < list.length) result.push(list[turn]);
  return Int32Array.from(result);
}
