/**
 * How many rows of each micro-batch a group gets, so that all rows so far follow the shares as closely as integers allow: every group its whole number of
 * rows, and those that are left to the groups that are furthest behind (largest remainder, carried from micro-batch to micro-batch). A group's rows
 * in one micro-batch differ from its share by less than one. The result depends on nothing but shares, batch and number.
 */

interface Course {
  /** Rows of each group before the micro-batches 0, 256, 512, … */
  kept: Float64Array[];
  /** The latest micro-batch asked for, and the rows before it. */
  micro: number;
  before: Float64Array;
}

const every = 256;
const mostCourses = 16;
const courses = new Map<string, Course>();

/**
 * @param shares not negative, one of them positive
 * @param micro its number, 0-based
 * @returns rows of each group in the micro-batch, and in all before it
 */
export function apportion(
  shares: readonly number[],
  batch: number,
  micro: number,
): { rows: number[]; before: number[] } {
  const key = `${batch} ${shares.join()}`;
  let course = courses.get(key);
  if (!course) {
    if (courses.size >= mostCourses) courses.clear();
    course = { kept: [], micro: 0, before: new Float64Array(shares.length) };
    courses.set(key, course);
  }
  if (micro < course.micro) {
    const at = Math.floor(micro / every);
    course.micro = at * every;
    course.before = course.kept[at].slice();
  }
  for (;;) {
    const { before } = course;
    if (course.micro % every === 0) course.kept[course.micro / every] ??= before.slice();
    const rows = rowsAt(shares, batch, course.micro, before);
    if (course.micro === micro) return { rows, before: [...before] };
    for (const [group, count] of rows.entries()) before[group] += count;
    course.micro++;
  }
}

function rowsAt(shares: readonly number[], batch: number, micro: number, before: Float64Array): number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  const rows = shares.map((share) => Math.floor((batch * share) / sum));
  const left = batch - rows.reduce((total, count) => total + count, 0);
  const behind = shares.map((share, group) => ({
    group,
    share,
    // In units of 1 / sum, so that whole shares stay whole numbers.
    rows: (micro + 1) * batch * share - sum * (before[group] + rows[group]),
  }));
  const next = behind.filter(({ share }) => share > 0).sort((a, b) => b.rows - a.rows || a.group - b.group);
  for (const { group } of next.slice(0, left)) rows[group]++;
  return rows;
}
