/**
 * The course of a run through the stages of its recipe: the phase in force, the next one while it is being made, and what methods remember. Each phase is
 * made beside the one that trains, so that a stage begins without a wait where it was foreseen.
 */
import type { Change } from '../core/controls.ts';
import { nextMeasurement } from '../core/pacing.ts';
import type { Recipe } from '../core/recipe.ts';
import { nextStage, recipeAt, stagesOf } from '../core/stages.ts';
import { structureOf } from '../core/structure.ts';
import { drawnPairs } from '../data/draw.ts';
import type { CompileProgress } from '../engine/executor.ts';
import { initialize } from '../models/initialize.ts';
import { checkpointStep, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { Memories } from './memories.ts';
import { Phase, type PhaseOptions, phaseSetup } from './phase.ts';
import { Rate } from './rate.ts';
import { type Setup, settingsOf } from './setup.ts';
import { microBatches } from './stepping.ts';

/** Steps before a stage of another structure when its phase begins to be made. */
const ahead = 48;

export class Course {
  /** With its stages, those made by hand among them. */
  recipe: Recipe;
  phase?: Phase;
  memories: Memories;
  private readonly options: PhaseOptions;
  private readonly planned: ReturnType<typeof phaseSetup>;
  private ended = false;
  private following?: { structure: string; phase: Promise<Phase> };

  /** @throws StudioError `recipe-invalid`, `shape-mismatch`, `data-too-few` */
  constructor(recipe: Recipe, options: PhaseOptions) {
    const stopped = () => this.ended;
    this.options = { ...options, features: { ...options.features, stopped } };
    this.recipe = recipe;
    this.planned = phaseSetup(recipeAt(recipe, 0), this.options);
    this.memories = new Memories(recipe);
    // A stage that could not draw is heard of before the first step.
    for (const { from, sampling } of stagesOf(recipe))
      if (sampling) drawnPairs(options.data, recipeAt(recipe, from), 0);
  }

  get setup(): Setup {
    return this.phase?.setup ?? this.planned.setup;
  }

  private get open(): Phase {
    if (!this.phase) throw new Error('the course has not begun');
    return this.phase;
  }

  /** Puts the model on the device; from a checkpoint, or from the seed. @returns steps done and seconds trained */
  async begin(
    checkpoint?: Uint8Array,
    onProgress?: CompileProgress,
  ): Promise<{ step: number; seconds: number }> {
    const { options, recipe } = this;
    const step = checkpoint ? checkpointStep(checkpoint) : 0;
    const now = recipeAt(recipe, step);
    const planned = structureOf(now) === structureOf(recipeAt(recipe, 0)) ? this.planned : undefined;
    const phase = await Phase.create(options, now, onProgress, planned);
    this.phase = phase;
    // What was planned are the settings of the first stage.
    phase.configure(now);
    let seconds = 0;
    if (checkpoint) {
      // What a checkpoint lacks was added by a stage after it, and starts from the seed.
      const grown = recipe.training.stages?.length ? initialize(phase.setup.layout, recipe.seed) : undefined;
      const kept = readCheckpoint(checkpoint, phase.weights, { ...phase.kept, base: grown });
      seconds = kept.seconds;
      this.memories = new Memories(recipe, step, kept.memory);
      if (kept.scaling) phase.trainer.restoreScaling(kept.scaling);
    }
    await phase.hold();
    this.remember();
    await this.draw();
    return { step, seconds };
  }

  /**
   * Checks a change and makes the phase it needs, if another; nothing is in force yet.
   * @throws StudioError `recipe-invalid`
   */
  async prepare(change: Change, step: number): Promise<Phase | undefined> {
    const { withChangeAt } = await import('./changes.ts');
    const changed = withChangeAt(this.recipe, step, change);
    // Settings and schedule are made once for nothing, to hear of mistakes.
    new Rate(changed, step);
    const now = recipeAt(changed, step);
    drawnPairs(this.options.data, now, 0);
    if (structureOf(now) !== structureOf(this.open.recipe)) return Phase.create(this.options, now);
    settingsOf(now, this.open.setup.layout);
    return undefined;
  }

  /** Puts a change in force after `step` steps, which must be settled. @throws StudioError `recipe-invalid` */
  async change(change: Change, step: number, made?: Phase): Promise<void> {
    const { withChangeAt } = await import('./changes.ts');
    const before = this.recipe;
    this.recipe = withChangeAt(before, step, change);
    try {
      await this.enter(step, made);
    } catch (error) {
      this.recipe = before;
      throw error;
    }
  }

  /**
   * Puts in force what the recipe says after `step` steps, which must be settled.
   * @param made a phase for it, let go where it does not fit
   */
  async enter(step: number, made?: Phase): Promise<void> {
    const now = recipeAt(this.recipe, step);
    const structure = structureOf(now);
    const before = this.open;
    const { following } = this;
    this.following = undefined;
    if (structure === structureOf(before.recipe)) before.configure(now);
    else {
      const fits = made && structureOf(made.recipe) === structure ? made : undefined;
      const ready = following?.structure === structure ? following.phase : undefined;
      const next = fits ?? (await (ready ?? Phase.create(this.options, now)));
      try {
        await next.takeOver(before);
        await next.hold();
      } catch (error) {
        next.destroy();
        throw error;
      }
      next.configure(now);
      this.phase = next;
      before.destroy();
    }
    if (made && made !== this.phase) made.destroy();
    letGo(following?.phase, this.phase);
    this.memories.rate.enter(this.recipe, step);
    this.remember();
    await this.draw();
  }

  /** Begins to make the next stage's phase when it is near. */
  lookAhead(step: number): void {
    const next = nextStage(this.recipe, step);
    if (this.following || next - step > ahead) return;
    const then = recipeAt(this.recipe, next);
    const structure = structureOf(then);
    if (structure === structureOf(this.open.recipe)) return;
    const phase = Phase.create(this.options, then);
    // Told where it is awaited.
    phase.catch(() => undefined);
    this.following = { structure, phase };
  }

  /**
   * Measures what is held out, after so many steps, and lets schedules and methods hear of it; before the first step only what is left of earlier data.
   * @param loss the last of training
   */
  async measure(step: number, loss: number): Promise<Record<string, number>> {
    const phase = this.open;
    const old = this.memories.retention.hear(await phase.measureOld());
    if (step === 0) return old;
    const [micro] = microBatches(phase.recipe, step - 1);
    const found = await phase.measure(micro);
    this.memories.rate.hear(Number.isFinite(found.loss) ? found.loss : loss);
    if (found.trained) this.memories.blender.hear(phase.recipe, found.trained, found.measures);
    this.remember();
    return { ...found.row, ...old };
  }

  /** Steps done when training must settle: a stage begins, or the samples' loss is measured. */
  nextBreak(step: number): number {
    const settings = this.open.recipe.training.sampling?.curriculum;
    return Math.min(
      nextStage(this.recipe, step),
      settings ? nextMeasurement(settings, step) : Number.POSITIVE_INFINITY,
    );
  }

  /** Measures the samples' loss where that is due after `step` steps, which must be settled; draws follow it. */
  async refresh(step: number): Promise<Record<string, number>> {
    const { recipe, model } = this.open;
    const settings = recipe.training.sampling?.curriculum;
    if (!settings || nextMeasurement(settings, step - 1) !== step) return {};
    const { measureCurriculum } = await import('./curriculum.ts');
    const { memory, row } = await measureCurriculum(recipe, model, step, this.memories.curriculum);
    this.memories.curriculum = memory;
    await this.draw();
    return row;
  }

  /** All that is needed to go on from here. Steps must be settled. */
  async checkpoint(step: number, seconds: number): Promise<Uint8Array> {
    const { weights, trainer, kept } = this.open;
    await trainer.records();
    return writeCheckpoint(weights, kept, {
      step,
      seconds,
      scaling: await trainer.scaling(),
      memory: this.memories,
    });
  }

  /** Gives the graph what methods remember. */
  private remember(): void {
    const { feed, recipe } = this.open;
    const weights = this.memories.blender.input(recipe);
    if (weights) feed.known.set('balance.weights', weights);
  }

  /** Gives the draws the curriculum's pool. */
  private async draw(): Promise<void> {
    const phase = this.open;
    const curriculum = phase.recipe.training.sampling?.curriculum && (await import('./curriculum.ts'));
    phase.drawFrom(curriculum?.poolOf(phase.recipe, this.memories.curriculum));
  }

  destroy(): void {
    this.ended = true;
    this.phase?.destroy();
    letGo(this.following?.phase, this.phase);
  }
}

/** Lets go of a phase that was made in vain. */
function letGo(made: Promise<Phase> | undefined, used: Phase | undefined): void {
  made?.then(
    (phase) => {
      if (phase !== used) phase.destroy();
    },
    () => undefined,
  );
}
