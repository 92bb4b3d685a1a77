/** Scores written down a second time, from their definitions alone and as plainly as can be, to hold evaluations against. Nothing of src/evaluation is used. */

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Of binary answers: the share of pairs (one that is, one that is not) in the right order; ties count half. */
function rocAuc(scores: readonly number[], is: readonly boolean[]): number {
  const [yes, no] = [true, false].map((wanted) => scores.filter((_, row) => is[row] === wanted));
  return mean(yes.flatMap((a) => no.map((b) => (a > b ? 1 : a === b ? 0.5 : 0))));
}

/** Precision at each threshold, weighed by the recall that is won there; equal scores pass together. */
function averagePrecision(scores: readonly number[], is: readonly boolean[]): number {
  const all = is.filter(Boolean).length;
  let [sum, before] = [0, 0];
  for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
    const passed = is.filter((_, row) => scores[row] >= threshold);
    const hits = passed.filter(Boolean).length;
    sum += ((hits - before) / all) * (hits / passed.length);
    before = hits;
  }
  return sum;
}

/** By the names of an evaluation. @param logits of each row; each class must occur or not at all count for rankings */
export function classScores(
  logits: readonly (readonly number[])[],
  truth: readonly number[],
): Record<string, number> {
  const shares = logits.map((row) => {
    const parts = row.map(Math.exp);
    const sum = parts.reduce((a, b) => a + b, 0);
    return parts.map((part) => part / sum);
  });
  const said = shares.map((row) => row.indexOf(Math.max(...row)));
  const classes = logits[0].map((_, c) => c);
  const count = (c: number) => truth.filter((one) => one === c).length;
  const f1 = (c: number) => {
    const hit = truth.filter((one, row) => one === c && said[row] === c).length;
    const either = count(c) + said.filter((one) => one === c).length;
    return either > 0 ? (2 * hit) / either : 0;
  };
  const present = classes.filter((c) => count(c) > 0);
  const met = classes.filter((c) => count(c) > 0 || said.includes(c));
  const ranked = classes.filter((c) => count(c) > 0 && count(c) < truth.length);
  const column = (c: number) => shares.map((row) => row[c]);
  const is = (c: number) => truth.map((one) => one === c);
  let calibration = 0;
  for (let bin = 0; bin < 10; bin++) {
    const rows = said.flatMap((one, row) => {
      const sure = shares[row][one];
      return sure > bin / 10 && sure <= (bin + 1) / 10 ? [row] : [];
    });
    if (rows.length === 0) continue;
    const right = mean(rows.map((row) => (said[row] === truth[row] ? 1 : 0)));
    const sure = mean(rows.map((row) => shares[row][said[row]]));
    calibration += (rows.length / truth.length) * Math.abs(right - sure);
  }
  return {
    accuracy: mean(truth.map((one, row) => (said[row] === one ? 1 : 0))),
    top5: mean(
      truth.map((one, row) => (shares[row].filter((share) => share > shares[row][one]).length < 5 ? 1 : 0)),
    ),
    macroF1: mean(met.map(f1)),
    weightedF1: classes.reduce((sum, c) => sum + f1(c) * count(c), 0) / truth.length,
    balancedAccuracy: mean(
      present.map((c) => truth.filter((one, row) => one === c && said[row] === c).length / count(c)),
    ),
    rocAuc: mean(ranked.map((c) => rocAuc(column(c), is(c)))),
    averagePrecision: mean(present.map((c) => averagePrecision(column(c), is(c)))),
    logLoss: mean(truth.map((one, row) => -Math.log(shares[row][one]))),
    ece: calibration,
  };
}

/** @param logits and truth: of each row one for each label */
export function labelScores(
  logits: readonly (readonly number[])[],
  truth: readonly (readonly boolean[])[],
): Record<string, number> {
  const labels = truth[0].map((_, label) => label);
  const decisions = (of: readonly number[]) => {
    const all = of.flatMap((label) =>
      truth.map((row, at) => ({ is: row[label], said: logits[at][label] > 0 })),
    );
    const hit = all.filter(({ is, said }) => is && said).length;
    const either = all.filter(({ is }) => is).length + all.filter(({ said }) => said).length;
    return either > 0 ? (2 * hit) / either : 0;
  };
  const right = truth.map((row, at) => row.filter((is, label) => is === logits[at][label] > 0).length);
  const had = labels.filter((label) => truth.some((row) => row[label]));
  return {
    microF1: decisions(labels),
    macroF1: mean(labels.map((label) => decisions([label]))),
    exact: mean(right.map((count) => (count === labels.length ? 1 : 0))),
    right: mean(right.map((count) => count / labels.length)),
    map: mean(
      had.map((label) =>
        averagePrecision(
          logits.map((row) => row[label]),
          truth.map((row) => row[label]),
        ),
      ),
    ),
  };
}

export function numberScores(values: readonly number[], truth: readonly number[]): Record<string, number> {
  const middle = mean(truth);
  const squared = mean(values.map((value, row) => (value - truth[row]) ** 2));
  return {
    mae: mean(values.map((value, row) => Math.abs(value - truth[row]))),
    rmse: Math.sqrt(squared),
    r2: 1 - squared / mean(truth.map((value) => (value - middle) ** 2)),
  };
}

/** Of captions in lower case without punctuation, with their references: as the COCO caption evaluation defines them. */
export function captionScores(
  said: readonly string[],
  references: readonly (readonly string[])[],
): Record<string, number> {
  const split = (text: string) => text.split(' ').filter(Boolean);
  const grams = (words: readonly string[], n: number) =>
    words.slice(0, Math.max(0, words.length - n + 1)).map((_, at) => words.slice(at, at + n).join(' '));
  const times = (list: readonly string[], one: string) => list.filter((other) => other === one).length;
  const rows = said.map((text, row) => ({ words: split(text), known: references[row].map(split) }));
  const result: Record<string, number> = {};
  const nearest = rows.map(
    ({ words, known }) =>
      [...known]
        .map(({ length }) => length)
        .sort((a, b) => Math.abs(a - words.length) - Math.abs(b - words.length) || a - b)[0],
  );
  const length = rows.reduce((sum, { words }) => sum + words.length, 0);
  const wanted = nearest.reduce((a, b) => a + b, 0);
  let product = 1;
  for (let n = 1; n <= 4; n++) {
    let [hit, all] = [0, 0];
    for (const { words, known } of rows) {
      const own = grams(words, n);
      all += own.length;
      for (const gram of new Set(own))
        hit += Math.min(times(own, gram), Math.max(...known.map((one) => times(grams(one, n), gram))));
    }
    product *= (hit + 1e-15) / (all + 1e-9);
    result[`bleu${n}`] = product ** (1 / n) * Math.min(1, Math.exp(1 - wanted / length));
  }
  const common = (a: readonly string[], b: readonly string[]): number => {
    const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
    for (const [i, x] of a.entries())
      for (const [j, y] of b.entries())
        table[i + 1][j + 1] = x === y ? table[i][j] + 1 : Math.max(table[i][j + 1], table[i + 1][j]);
    return table[a.length][b.length];
  };
  result['rougeL'] = mean(
    rows.map(({ words, known }) => {
      const p = Math.max(...known.map((one) => common(words, one) / Math.max(1, words.length)));
      const r = Math.max(...known.map((one) => common(words, one) / one.length));
      return p * r === 0 ? 0 : (2.44 * p * r) / (r + 1.44 * p);
    }),
  );
  const seenIn = (gram: string, n: number) =>
    rows.filter(({ known }) => known.some((one) => grams(one, n).includes(gram))).length;
  const vector = (words: readonly string[], n: number) => {
    const own = grams(words, n);
    return new Map(
      [...new Set(own)].map((gram) => [
        gram,
        times(own, gram) * Math.log(rows.length / Math.max(1, seenIn(gram, n))),
      ]),
    );
  };
  const norm = (one: Map<string, number>) =>
    Math.sqrt([...one.values()].reduce((sum, value) => sum + value ** 2, 0));
  result['cider'] = mean(
    rows.map(({ words, known }) =>
      mean(
        known.map((one) => {
          const penalty = Math.exp(-((words.length - one.length) ** 2) / 72);
          const parts = [1, 2, 3, 4].map((n) => {
            const [a, b] = [vector(words, n), vector(one, n)];
            const dot = [...a].reduce((sum, [gram, value]) => {
              const other = b.get(gram) ?? 0;
              return sum + Math.min(value, other) * other;
            }, 0);
            return norm(a) * norm(b) > 0 ? (penalty * dot) / (norm(a) * norm(b)) : 0;
          });
          return 10 * mean(parts);
        }),
      ),
    ),
  );
  result['exact'] = mean(said.map((text, row) => (references[row].includes(text) ? 1 : 0)));
  return result;
}
