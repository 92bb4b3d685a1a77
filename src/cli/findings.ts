/** Findings as text on standard error, each when it comes and when it goes; and as the part of a result. */
import type { Finding, Remedy } from '../training/diagnosis/definition.ts';
import { note } from './terminal.ts';

/** What would be changed, as a person would write it into a recipe. */
function remedyText(remedy: Remedy): string {
  if ('change' in remedy) return `a stage with ${JSON.stringify(remedy.change)}`;
  const edits = remedy.edits
    .map(({ path, value }) => `${path.join('.')} = ${JSON.stringify(value)}`)
    .join(', ');
  return remedy.branch === undefined ? edits : `a branch from step ${remedy.branch} with ${edits}`;
}

export function findingText({ severity, title, seen, why, button, remedy }: Finding): string {
  const offer = remedy && button ? `\n    → ${button.en}: ${remedyText(remedy)}` : '';
  return `${severity}: ${title.en}. ${seen.en} ${why.en}${offer}`;
}

/** Tells of each finding once, and of its end. */
export class FindingNotes {
  private readonly told = new Map<string, boolean>();

  tell(findings: readonly Finding[] | undefined, step: number): void {
    for (const finding of findings ?? []) {
      const { key, title, resolved = false } = finding;
      if (this.told.get(key) === resolved || (resolved && !this.told.has(key))) continue;
      this.told.set(key, resolved);
      note(resolved ? `step ${step}  resolved: ${title.en}` : `step ${step}  ${findingText(finding)}`);
    }
  }
}

/** Code, severity, figures and remedy; what is resolved is left out. */
export const resultOf = (findings: readonly Finding[]) =>
  findings
    .filter(({ resolved }) => !resolved)
    .map(({ code, key, severity, since, params, seen, remedy }) => ({
      code,
      key,
      severity,
      since,
      seen: seen.en,
      params,
      ...(remedy && { remedy }),
    }));
