/**
 * What a run begins with besides its own data and the seed: the weights of another run, teachers, earlier data. Loaded only where a recipe or a person asks for
 * any of it, so that an ordinary run begins without.
 */
import { StudioError } from '../core/errors.ts';
import { namesEarlier, type Recipe } from '../core/recipe.ts';
import { adopt, factsOf } from '../data/facts.ts';
import type { PreparedData } from '../data/prepared.ts';
import { tokenizerFingerprint } from '../data/text/fingerprint.ts';
import { type Earlier, type EarlierParts, withEarlier } from './earlier.ts';
import type { Parent } from './run.ts';
import type { RunStore } from './runStore.ts';
import type { SessionOptions } from './session.ts';
import { Start, type StartPoint } from './start.ts';
import { loadTeachers } from './teachers.ts';

export interface Beginning {
  /** What is trained on. */
  data: PreparedData;
  earlier?: Earlier;
  fill?: SessionOptions['fill'];
  parent?: Parent;
}

interface Parts extends EarlierParts {
  runs: RunStore;
  /** The run's own data set, split into words by a tokenizer or by one of its own. */
  read(tokenizer: unknown): Promise<PreparedData>;
}

/** @throws StudioError `start-unfit`, `tokenizer-clash`, `run-missing`, and those of earlier data and teachers */
export async function beginning(recipe: Recipe, parts: Parts, from?: StartPoint): Promise<Beginning> {
  const start = from && (await Start.load(from));
  const teachers = await loadTeachers(recipe, parts.runs);
  if (start?.tokenizer !== undefined && teachers && textOf(start.tokenizer) !== textOf(teachers.tokenizer))
    throw new StudioError('tokenizer-clash', { run: start.run.name, other: teachers.name });
  const given = start?.tokenizer ?? teachers?.tokenizer;
  const { tokenizer: chosen } = recipe.data;
  if (chosen && given !== undefined && tokenizerFingerprint(given) !== chosen.fingerprint)
    throw new StudioError('tokenizer-clash', {
      run: start?.tokenizer !== undefined ? start.run.name : (teachers?.name ?? ''),
      other: chosen.name,
    });
  const read = await parts.read(given);
  const taught = teachers ? adopt(read, teachers.facts) : read;
  const own = start ? adopt(taught, start.grown(factsOf(taught))) : taught;
  const split = start?.run.recipe.data.split;
  const { data, earlier } = namesEarlier(recipe)
    ? await withEarlier(recipe, own, parts, split, true)
    : { data: own };
  const plan = start?.plan(recipe, factsOf(data));
  let filled = false;
  return {
    data,
    earlier,
    fill: (flat, layout) => {
      // Parameters that a later stage adds start from the seed, as they do where the run is resumed there.
      if (!filled) plan?.fill(flat, layout);
      filled = true;
      teachers?.fill(flat, layout);
    },
    ...(start &&
      plan && {
        parent: {
          run: start.run.id,
          step: start.step,
          name: start.run.name,
          kind: 'weights',
          split,
          taken: plan.parts,
        },
      }),
  };
}

const textOf = (tokenizer: unknown): string => JSON.stringify(tokenizer);
