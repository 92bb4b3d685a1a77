/**
 * What a micro-batch's graph takes, and the pictures on the device that it takes it from. Where those of the training split fit, all are
 * written once. Else two slots hold those of the next micro-batches in order: while those of one run, the other has been written. The order of an epoch is
 * known in advance (data/draw.ts), so nothing is guessed, and both ways give the same bits. Executors whose integers are not whole get floats.
 */
import { alters } from '../core/augment.ts';
import type { Recipe } from '../core/recipe.ts';
import type { View } from '../data/augment.ts';
import { normalization, readBatch } from '../data/batches.ts';
import { drawPictures, trainPictures } from '../data/draw.ts';
import type { Batch, Drawn, PreparedData, Rows } from '../data/prepared.ts';
import type { Drawing } from '../data/sampling.ts';
import type { AdapterDescription, NumberArray, Trainer } from '../engine/executor.ts';
import { pictureWords } from '../engine/ops/readPictures.ts';
import { cachedIn } from '../models/across.ts';
import type { ModelShape } from '../models/build.ts';
import { drawObjectives } from './draws.ts';
import { modelShape } from './shape.ts';

export interface PicturePlan {
  /** Pictures that have a place on the device. */
  capacity: number;
  /** Micro-batches whose pictures one of the two slots holds; absent when all pictures have their place. */
  chunk?: number;
}

/** Pictures that stay may take a quarter of the largest buffer, and so much at most. */
const most = 512 * 2 ** 20;
/** Bytes of a slot: enough that filling is rare, little enough that it is no pause. */
const slotBytes = 16 * 2 ** 20;
/** Bytes written at once. */
const pieceBytes = 4 * 2 ** 20;

export const pictureBytes = ({ capacity }: PicturePlan, size: number): number =>
  capacity * pictureWords(size) * 4;

/**
 * @param pictures of the training split
 * @param budget bytes that pictures may take on the device
 */
export function planPictures(
  { pictures, size, batch }: { pictures: number; size: number; batch: number },
  { maxBuffer, wholeIntegers }: Pick<AdapterDescription, 'maxBuffer' | 'wholeIntegers'>,
  budget = Math.min(most, maxBuffer / 4),
): PicturePlan | undefined {
  if (!wholeIntegers) return undefined;
  if (pictureBytes({ capacity: pictures }, size) <= budget) return { capacity: pictures };
  const room = Math.min(slotBytes, budget / 2);
  const chunk = Math.max(1, Math.floor(room / pictureBytes({ capacity: batch }, size)));
  return { capacity: 2 * chunk * batch, chunk };
}

/**
 * Micro-batches of a slot. Where a step draws its micro-batches twice, all lie in one slot, so that their pictures are still there the second time; where a
 * slot is too small for that, they are brought again.
 */
function chunkOf({ chunk = 1 }: Partial<PicturePlan> = {}, recipe: Recipe): number {
  const together = cachedIn(recipe) ?? 1;
  return chunk > together ? chunk - (chunk % together) : chunk;
}

export class Feed {
  private readonly data: PreparedData;
  private recipe: Recipe;
  private readonly shape: ModelShape;
  private readonly trainer: Trainer;
  private readonly plan?: PicturePlan;
  /** Micro-batches of a slot, and pictures that each has room for. */
  private readonly chunk: number;
  private readonly places: number;
  /** Where each picture lies, when all do. */
  private readonly place?: Int32Array;
  /** Inputs that the session knows better than what is drawn (weights of losses), by name. */
  readonly known = new Map<string, NumberArray>();
  /** Features of these pairs in place of towers that the graph does not compute (training/features.ts). */
  held?: (pairs: Int32Array) => Record<string, NumberArray>;
  /** Whether the graph reads pictures. */
  private readonly pictured: boolean;
  /** Which chunk of micro-batches each slot holds. */
  private slots = [-1, -1];
  private drawing: Drawing = {};

  private constructor(
    trainer: Trainer,
    data: PreparedData,
    recipe: Recipe,
    plan?: PicturePlan,
    pictured = recipe.encoders['image'] !== undefined,
  ) {
    this.pictured = pictured;
    this.trainer = trainer;
    this.data = data;
    this.recipe = recipe;
    this.shape = modelShape(recipe, data);
    this.plan = plan;
    this.chunk = chunkOf(plan, recipe);
    this.places = plan?.chunk ? plan.capacity / (2 * plan.chunk) : recipe.training.batch;
    if (plan && plan.chunk === undefined) {
      this.place = new Int32Array(data.captions.length);
      for (const [index, picture] of trainPictures(data).entries()) this.place[picture] = index;
    }
  }

  /** Puts what stays on the device. `plan` is that of the trainer's graph, `pictured` whether it reads pictures. */
  static async create(
    trainer: Trainer,
    data: PreparedData,
    recipe: Recipe,
    plan: PicturePlan | undefined,
    pictured?: boolean,
  ): Promise<Feed> {
    const feed = new Feed(trainer, data, recipe, plan, pictured);
    if (!plan || !feed.pictured) return feed;
    trainer.fill('normalization', 0, normalizing(data));
    if (!feed.place) return feed;
    const pictures = trainPictures(data);
    const piece = Math.max(1, Math.floor(pieceBytes / pictureBytes({ capacity: 1 }, data.size)));
    for (let from = 0; from < pictures.length; from += piece) {
      feed.write(from, pictures.subarray(from, from + piece));
      await new Promise<void>((resolve) => setTimeout(resolve));
    }
    return feed;
  }

  /** Other settings, the same structure. What was drawn ahead is drawn again, from what holds now; steps must be settled. */
  configure(recipe: Recipe): void {
    this.recipe = recipe;
    this.slots = [-1, -1];
  }

  /** What draws follow besides the recipe; as `configure`. */
  drawFrom(drawing: Drawing): void {
    this.drawing = drawing;
    this.slots = [-1, -1];
  }

  /**
   * The graph's inputs for a micro-batch (0-based), and the pictures it needs brought to the device. What was asked for before must be
   * encoded by then: its pictures may give way.
   */
  inputs(drawn: Drawn, micro: number): Record<string, NumberArray> {
    const drawings = {
      ...drawObjectives(this.recipe, this.shape, drawn, micro),
      ...Object.fromEntries(this.known),
      ...this.held?.(drawn.pairs),
    };
    if (!this.pictured) return { ...rowInputs(drawn), ...drawings };
    if (!this.plan) return { ...graphInputs(readBatch(this.data, drawn)), ...drawings };
    return {
      rows: this.rows(drawn, micro),
      views: viewInput(drawn.views),
      ...(alters(this.recipe.data.augment) && { alterations: alterationInput(drawn) }),
      ...rowInputs(drawn),
      ...drawings,
    };
  }

  private rows({ pairs }: Drawn, micro: number): Int32Array {
    const { place, chunk, data } = this;
    if (place) return pairs.map((pair) => place[data.pairs.sample[pair]]);
    const current = Math.floor(micro / chunk);
    this.bring(current, micro);
    // What reads the chunk before is all encoded, so that its slot is free.
    this.bring(current + 1, micro);
    const first = ((current % 2) * chunk + (micro % chunk)) * this.places;
    return pairs.map((_, row) => first + row);
  }

  /** Fills the slot of a chunk, unless it holds it already; micro-batches before `first` are over, and may have been drawn otherwise. */
  private bring(chunk: number, first: number): void {
    const size = this.chunk;
    const slot = chunk % 2;
    if (this.slots[slot] === chunk) return;
    this.slots[slot] = chunk;
    const { steps, accumulate = 1 } = this.recipe.training;
    for (let k = 0; k < size; k++) {
      const micro = chunk * size + k;
      if (micro >= steps * accumulate) return;
      if (micro < first) continue;
      const pictures = drawPictures(this.data, this.recipe, micro, this.drawing);
      if (pictures.length <= this.places) this.write((slot * size + k) * this.places, pictures);
    }
  }

  /** Puts pictures side by side, from place `first`. */
  private write(first: number, pictures: Int32Array): void {
    const words = pictureWords(this.data.size);
    this.trainer.fill('pixels', first * words, packed(this.data, pictures));
  }
}

/** The bytes of samples' pictures side by side, as `readPictures` takes them. */
export function packed({ size, pixels }: PreparedData, pictures: Int32Array): Int32Array {
  const values = size * size * 3;
  const words = pictureWords(size);
  const bytes = new Uint8Array(pictures.length * words * 4);
  for (const [index, picture] of pictures.entries())
    bytes.set(pixels.subarray(picture * values, (picture + 1) * values), index * words * 4);
  return new Int32Array(bytes.buffer);
}

/** As `readPictures` takes it. */
export function normalizing(data: PreparedData): Float32Array {
  const { scale, offset } = normalization(data);
  return Float32Array.from([...scale, ...offset]);
}

/** As `readPictures` takes them, six numbers a row. */
export const viewInput = (views: readonly View[]): Float32Array =>
  Float32Array.from(
    views.flatMap(({ zoom, shiftX, shiftY, mirrored, brightness, contrast }) => [
      zoom,
      shiftX,
      shiftY,
      mirrored ? 1 : 0,
      brightness,
      contrast,
    ]),
  );

/** As `alterPictures` reads them, six numbers a row. */
const alterationInput = ({ views }: Drawn): Float32Array =>
  Float32Array.from(
    views.flatMap(({ alteration }) => {
      if (!alteration) return [1, 0, 0, 0, 0, 0];
      const { saturation, sigma, reach, left, top, side } = alteration;
      return [saturation, sigma, reach, left, top, side];
    }),
  );

export const rowInputs = ({
  tokens,
  keep,
  sampleGroups,
  textGroups,
  more,
}: Rows): Record<string, NumberArray> => ({
  tokens,
  keep,
  sampleGroups,
  textGroups,
  ...more,
});

/** A batch of floats under the names of the graph's inputs. */
export const graphInputs = ({ images, ...rows }: Batch): Record<string, NumberArray> => ({
  images,
  ...rowInputs(rows),
});
