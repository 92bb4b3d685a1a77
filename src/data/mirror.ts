/**
 * Which samples may be mirrored, and what their captions say then. Without words to swap, pictures whose captions say sides never are. With them they are where every
 * caption can be swapped; then all rows of a step that show a sample are mirrored, or none, because its picture and each of its captions are positives. Nor
 * is one mirrored of which a side is to be predicted.
 */
import { type Augment, swapsSides } from '../core/augment.ts';
import { random } from '../core/random.ts';
import type { Recipe } from '../core/recipe.ts';
import { swapsIn } from './caption.ts';
import { targetText } from './having.ts';
import type { PreparedData } from './prepared.ts';
import { normalize } from './text/byteLevel.ts';
import { type Replacement, saysSide } from './words.ts';

type Words = NonNullable<Augment['swap']>;
type Turn = 'free' | 'together' | 'never';

interface Known {
  /** By list of words. */
  turns: WeakMap<Words, Map<number, Turn>>;
  /** First pair of each sample. */
  first: Int32Array;
  /** Of every caption, by its normalized text. */
  groups?: Map<string, number>;
}

const kept = new WeakMap<PreparedData, Known>();

function knownOf(prepared: PreparedData): Known {
  const known = kept.get(prepared);
  if (known) return known;
  const { sample, count } = prepared.pairs;
  const first = new Int32Array(prepared.captions.length).fill(-1);
  for (let pair = count - 1; pair >= 0; pair--) first[sample[pair]] = pair;
  const made: Known = { turns: new WeakMap(), first };
  kept.set(prepared, made);
  return made;
}

/** What a mirrored picture changes in its caption; its samples are known to allow it. */
export const swapsOf = (caption: string, { swap }: Augment): Replacement[] =>
  swap && saysSide(caption) ? (swapsIn(caption, swap) ?? []) : [];

/**
 * Whether a row's picture is mirrored.
 * @param drawn whether it would be without words to swap
 */
export function isTurned(
  prepared: PreparedData,
  { seed, encoders, data: { augment }, training: { accumulate = 1 } }: Recipe,
  micro: number,
  sample: number,
  drawn: boolean,
): boolean {
  const { swap } = augment;
  if (!swap || !swapsSides(augment)) return drawn;
  const turn = turnOf(prepared, swap, sample);
  if (turn !== 'together') return drawn && turn === 'free';
  // Words alone are never turned.
  if (!encoders['image'] || prepared.present?.image?.[sample] === 0) return false;
  return random(seed, 'mirror', Math.floor(micro / accumulate), sample).uniform() < 0.5;
}

function turnOf(prepared: PreparedData, swap: Words, sample: number): Turn {
  const { turns, first } = knownOf(prepared);
  let own = turns.get(swap);
  if (!own) {
    own = new Map();
    turns.set(swap, own);
  }
  let turn = own.get(sample);
  if (!turn) {
    const captions = prepared.captions[sample];
    if (asksSide(prepared, first[sample], Math.max(1, captions.length))) turn = 'never';
    else if (!captions.some(saysSide)) turn = 'free';
    else turn = captions.every((caption) => swapsIn(caption, swap)) ? 'together' : 'never';
    own.set(sample, turn);
  }
  return turn;
}

/** Whether a side is to be predicted for one of these pairs. */
function asksSide({ target }: PreparedData, first: number, pairs: number): boolean {
  if (!target || target.kind === 'number' || first < 0 || !target.classes.some(saysSide)) return false;
  return Array.from({ length: pairs }, (_, k) => targetText(target, first + k)).some(saysSide);
}

/**
 * The group of a pair whose caption was swapped: that of the captions that read so, else one of its own that no caption has as it is written, the same in every
 * batch.
 */
export function groupOfSwapped(prepared: PreparedData, pair: number, text: string): number {
  const known = knownOf(prepared);
  const { sample, caption, count, textGroup } = prepared.pairs;
  known.groups ??= new Map(
    Array.from({ length: count }, (_, other) => {
      const words: string | undefined = prepared.captions[sample[other]][caption[other]];
      return [words === undefined ? '' : normalize(words), textGroup[other]];
    }),
  );
  return known.groups.get(normalize(text)) ?? count + textGroup[pair];
}
