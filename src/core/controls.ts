/**
 * What may change while a run goes on. The recipe holds these settings for the start of a run, and its stages say what changes after how many
 * steps: a stage that was planned and a change made by hand at a running session are the same thing, so that a recipe always tells the whole run
 * and repeats it to the bit. A stage holds until a later one says otherwise.
 */
import * as v from 'valibot';

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(0.9));
const part = v.looseObject({ type: v.string() });

/** Settings of some parameters, by name (training/groups.ts); where groups overlap the later one counts. */
const group = v.strictObject({
  /** A modality, `fusion`, `heads`, a block (`image.blocks.0`) or a pattern with `*` over parameter names. */
  match: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  /** Times the learning rate. */
  rate: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1000))),
  weightDecay: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10))),
  freeze: v.optional(v.boolean()),
});

/** What a step draws (docs/decisions/0019-sampling.md); samples in turn where nothing is set. */
const sampling = v.strictObject({
  /** Easy samples first, by their running loss (Bengio et al. 2009; Hacohen & Weinshall 2019, arXiv 1904.03626). */
  curriculum: v.optional(
    v.strictObject({
      /** Share of the training samples that the first steps draw from. */
      start: v.pipe(v.number(), v.minValue(0.05), v.maxValue(1)),
      /** Steps until all are drawn from; the share grows evenly. */
      steps: positive,
      /** Steps between measurements of the samples' loss; before the first, all are drawn from. */
      refresh: positive,
      /** Share of the old running loss that stays at a measurement. */
      memory: v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)),
      /** Which come first; `easy` where absent. */
      order: v.optional(v.picklist(['easy', 'hard'])),
      /** Steps done when it begins; 0 where absent. */
      from: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
  ),
  /** How many rows of a batch each group has, as 1 : 3 : 1. A group that is not named has the share 1. */
  ratios: v.optional(
    v.strictObject({
      by: v.picklist(['modalities', 'class', 'source']),
      shares: v.record(v.string(), v.pipe(v.number(), v.minValue(0), v.maxValue(1e6))),
    }),
  ),
  /** Every batch of samples that have the same modalities. */
  alike: v.optional(v.boolean()),
});

export const controls = {
  /** Largest global gradient norm; 0 = off. */
  clip: v.pipe(v.number(), v.minValue(0)),
  schedule: part,
  groups: v.array(group),
  /** Rate of an encoder's block k of n: times this to the power n − k; 1 = off. */
  layerDecay: v.pipe(v.number(), v.minValue(0.1), v.maxValue(1)),
  /** Decay of the running average of the weights, which is validated beside them; 0 = off. */
  average: v.pipe(v.number(), v.minValue(0), v.maxValue(0.99999)),
  /** By modality: share of the samples that have it and are trained without it. */
  drop: v.record(v.string(), share),
  /** How modalities that learn at different speeds are kept in balance (models/balance). */
  balance: part,
  sampling,
};

const stage = v.strictObject({
  /** Steps done before it holds. */
  from: v.pipe(v.number(), v.integer(), v.minValue(0)),
  name: v.optional(v.pipe(v.string(), v.maxLength(120))),
  /** Made at the running session. */
  byHand: v.optional(v.boolean()),
  /** Steps done from which the schedule that it brings counts; `from` where absent. One that is taken back goes on as if it had never left. */
  begun: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** In place of the optimizer's. */
  rate: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10))),
  weightDecay: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10))),
  objectives: v.optional(v.pipe(v.array(part), v.minLength(1))),
  ...v.partial(v.strictObject(controls)).entries,
});

/** A low-rank adapter on the linear layers that match (Hu et al. 2021, arXiv 2106.09685); their own weights stay as they are. */
const adapter = v.strictObject({
  match: v.pipe(v.string(), v.minLength(1), v.maxLength(120)),
  rank: v.pipe(positive, v.maxValue(256)),
  /** The adapter counts alpha / rank. */
  alpha: v.pipe(v.number(), v.minValue(0.01), v.maxValue(1024)),
});

/** A data set by its id or name in the library; headless also a folder, an archive or `builtin:…`. */
const earlier = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

/** The entries of `training` that this file adds to those every recipe has. */
export const optionalControls = {
  ...v.partial(
    v.strictObject({
      groups: controls.groups,
      layerDecay: controls.layerDecay,
      average: controls.average,
      drop: controls.drop,
      balance: controls.balance,
      sampling: controls.sampling,
    }),
  ).entries,
  stages: v.optional(v.pipe(v.array(stage), v.maxLength(500))),
  adapters: v.optional(v.array(adapter)),
  /**
   * Contrastive terms compare all pairs of a step that accumulates, not only those of a micro-batch: exactly the gradient of one big batch, for one more
   * forward pass (Gao et al. 2021, arXiv 2101.06983).
   */
  cached: v.optional(v.boolean()),
  /** `false` computes frozen encoders anew in every step; where absent, what they say of a sample is computed once and kept (training/heldTowers.ts). */
  keepFeatures: v.optional(v.boolean()),
  /**
   * Training samples of earlier data that are mixed into every batch, so that what was learned from it is not forgotten (experience replay from a tiny episodic memory,
   * Chaudhry et al. 2019, arXiv 1902.10486).
   */
  replay: v.optional(
    v.strictObject({
      dataset: earlier,
      /** How many are kept. */
      samples: v.pipe(positive, v.maxValue(1_000_000)),
      /** Of each batch. */
      share,
      /** Drawn evenly, or as many of each class (GDumb, Prabhu et al. 2020); `random` where absent. */
      by: v.optional(v.picklist(['random', 'class'])),
    }),
  ),
  /** Earlier data whose validation split is measured too, as `old.val.…`. */
  alsoValidate: v.optional(v.strictObject({ dataset: earlier })),
};

export type ParameterSetting = v.InferOutput<typeof group>;
export type Stage = v.InferOutput<typeof stage>;
export type Sampling = v.InferOutput<typeof sampling>;
export type Adapter = v.InferOutput<typeof adapter>;
/** A stage without its place: a change. */
export type Change = Omit<Stage, 'from'>;
