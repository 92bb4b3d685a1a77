/** A request to profile some steps of a run: collects them and settles when they are all there, or when the run ends before. */
import type { StudioError } from '../core/errors.ts';
import { meanOfSteps, type Profile, type StepProfile, type Untimed } from '../core/profile.ts';

export class Profiler {
  readonly result: Promise<Profile>;
  private readonly wanted: number;
  private readonly untimed: Untimed | undefined;
  private readonly profiles: StepProfile[] = [];
  private taken = 0;
  private step = 0;
  private resolve!: (profile: Profile) => void;
  private reject!: (error: StudioError) => void;

  constructor(wanted: number, untimed: Untimed | undefined) {
    this.wanted = wanted;
    this.untimed = untimed;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever asked may have gone.
    this.result.catch(() => undefined);
  }

  get done(): boolean {
    return this.taken >= this.wanted;
  }

  add(step: number, profile: StepProfile | undefined): void {
    this.taken++;
    this.step = step;
    if (profile) this.profiles.push(profile);
  }

  /** Settles with the steps that were taken. @param failure where there was none */
  end(failure: () => StudioError): void {
    if (this.taken === 0) {
      this.reject(failure());
      return;
    }
    const mean = meanOfSteps(this.profiles);
    this.resolve({ step: this.step, steps: this.taken, ...mean, ...(!mean && { untimed: this.untimed }) });
  }
}
