/** Written programs against the float64 meaning of their graph, on inputs drawn by seed at two batch sizes. */
import { interpret } from '../engine/graph/interpret.ts';
import type { ModelBundle } from '../interchange/bundle.ts';
import { bundleFacts } from '../training/bundle.ts';
import type { Checked, Working } from './definition.ts';
import { type Drawn, drawnInputs } from './drawnInputs.ts';
import type { InferenceProgram } from './inference.ts';

export interface Answer {
  shape: readonly number[];
  values: ArrayLike<number>;
}

/** Runs one written program. */
export type Run = (inputs: Drawn, wanted: readonly string[]) => Promise<Map<string, Answer>>;

export const limit = 1e-4;
const batches = [1, 3];

/** Largest difference, relative to the largest magnitude that is expected; infinite where shapes differ or a number is none. */
export function difference(
  answer: Answer | undefined,
  shape: readonly number[],
  expected: ArrayLike<number>,
): number {
  if (answer === undefined || answer.shape.join() !== shape.join()) return Number.POSITIVE_INFINITY;
  let scale = 1e-3;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]));
    const apart = Math.abs(answer.values[i] - expected[i]);
    if (Number.isNaN(apart)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, apart);
  }
  return worst / scale;
}

/** What the graph itself gives in float64. */
export function expectedOf(program: InferenceProgram, bundle: ModelBundle, batch: number, seed = 0) {
  const built = program.build(batch);
  const inputs = drawnInputs(built, bundleFacts(bundle).vocabulary, seed);
  const results = interpret(
    built.graph,
    [...built.outputs.values()],
    (name) => inputs.get(name)?.values ?? bundle.weights.get(name)!.values,
  );
  const outputs = new Map(
    [...built.outputs].map(([name, { shape }], k) => [name, { shape, values: results[k] }] as const),
  );
  return { inputs, outputs };
}

/** One line for each program. @param open the written program by its name */
export async function checkPrograms(
  programs: readonly InferenceProgram[],
  bundle: ModelBundle,
  runtime: string,
  open: (program: InferenceProgram) => Promise<Run>,
  { progress, signal }: Working,
): Promise<Checked[]> {
  const checked: Checked[] = [];
  for (const [done, program] of programs.entries()) {
    progress({ phase: 'check', done, total: programs.length });
    const run = await open(program);
    let worst = 0;
    for (const batch of batches) {
      // A turn for the message that cancels.
      await new Promise<void>((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      const { inputs, outputs } = expectedOf(program, bundle, batch);
      const answers = await run(inputs, [...outputs.keys()]);
      for (const [name, { shape, values }] of outputs)
        worst = Math.max(worst, difference(answers.get(name), shape, values));
    }
    const figure = Number.isFinite(worst) ? worst.toExponential(1) : '∞';
    checked.push({
      name: {
        en: `${program.name} in ${runtime}, batches of ${batches.join(' and ')}, against float64`,
        zh: `${program.name} 在 ${runtime} 中运行（批大小 ${batches.join(' 和 ')}），与 float64 比较`,
      },
      passed: worst < limit,
      detail: {
        en: `largest relative difference ${figure}, limit ${limit.toExponential(0)}`,
        zh: `最大相对差 ${figure}，上限 ${limit.toExponential(0)}`,
      },
    });
  }
  progress({ phase: 'check', done: programs.length, total: programs.length });
  return checked;
}
