/** Axes of a sweep on the command line: `training.batch=32,64`, `training.optimizer.rate=1e-4..1e-2:log`, `encoders.image.depth=1..4:integer`. */
import { StudioError } from '../core/errors.ts';
import type { Axis, AxisValue } from '../core/sweepPlan.ts';

/** @throws StudioError `bad-argument` naming the axis */
export function parseAxis(text: string): Axis {
  const fail = (message: string): never => {
    throw new StudioError('bad-argument', { argument: `--axis ${text}`, message });
  };
  const [path, said] = text.split(/=(.*)/s);
  if (!path || !said) return fail('it is written path=values, such as training.batch=32,64');
  const range = /^(.+)\.\.([^:]+)((?::\w+)*)$/.exec(said);
  if (!range) return { path, values: said.split(',').map(valueFrom) };
  const [min, max] = [Number(range[1]), Number(range[2])];
  if (Number.isNaN(min) || Number.isNaN(max)) return fail(`${range[1]} … ${range[2]} is no range of numbers`);
  const axis = { path, min, max, scale: 'linear' as 'linear' | 'log' };
  let integer = false;
  let points: number | undefined;
  for (const word of range[3].split(':').slice(1)) {
    if (word === 'log' || word === 'linear') axis.scale = word;
    else if (word === 'integer') integer = true;
    else if (/^\d+$/.test(word)) points = Number(word);
    else fail(`“${word}” is not log, linear, integer or a number of points`);
  }
  return { ...axis, ...(integer && { integer }), ...(points !== undefined && { points }) };
}

function valueFrom(text: string): AxisValue {
  const word = text.trim();
  if (word === 'true' || word === 'false') return word === 'true';
  return word !== '' && Number.isFinite(Number(word)) ? Number(word) : word;
}
