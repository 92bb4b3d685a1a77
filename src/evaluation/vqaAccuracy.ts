/**
 * Accuracy of answers to questions (Antol et al. 2015). Both sides are first made alike as the VQA evaluation does: lower case, no punctuation and articles, number words as digits, and the
 * apostrophe of “dont” put back. With one answer known it is equality; with several, min(others who say the same / 3, 1), averaged over leaving out each of them in turn.
 */

const numberWords = 'zero one two three four five six seven eight nine ten'.split(' ');
const articles = new Set(['a', 'an', 'the']);
const negated =
  /\b(is|are|was|were|do|does|did|has|have|had|could|should|would|must|might|need|ca|wo|ai)nt\b/g;

export function normalizeAnswer(answer: string): string {
  return (
    answer
      .normalize('NFC')
      .toLowerCase()
      .replace(/(\d),(?=\d{3})/g, '$1')
      // A full stop stays within a number.
      .replace(/\.(?!\d)/g, '')
      .replace(/[;/[\]"{}()=+\\_\-><@`,?!*:#$%^&~，。？！；：、]/g, ' ')
      .replace(negated, "$1n't")
      .split(/\s+/)
      .map((word) =>
        word === 'none' ? '0' : numberWords.includes(word) ? `${numberWords.indexOf(word)}` : word,
      )
      .filter((word) => word !== '' && !articles.has(word))
      .join(' ')
  );
}

/** 0 … 1. @param answers what people said, at least one */
export function vqaAccuracy(answer: string, answers: readonly string[]): number {
  const own = normalizeAnswer(answer);
  const same = answers.map((one) => normalizeAnswer(one) === own);
  const all = same.filter(Boolean).length;
  if (answers.length === 1) return all;
  const scores = same.map((one) => Math.min(1, (all - (one ? 1 : 0)) / 3));
  return scores.reduce((a, b) => a + b, 0) / scores.length;
}
