/** A sighting in words. */
import type { Detector, Finding, Sighting } from './definition.ts';
import { phrase } from './phrase.ts';

export const keyOf = ({ code }: Pick<Detector, 'code'>, { about = '' }: Pick<Sighting, 'about'>): string =>
  about ? `${code} ${about}` : code;

export function findingOf(
  detector: Pick<Detector, 'code' | 'title' | 'panel' | 'says'>,
  sighting: Sighting,
  since: number,
): Finding {
  const { severity, params, remedy, says } = sighting;
  const { seen, why, button } = detector.says[says];
  return {
    key: keyOf(detector, sighting),
    code: detector.code,
    severity,
    title: detector.title,
    seen: phrase(seen, params),
    why: phrase(why, params),
    ...(remedy && button && { button: phrase(button, params), remedy }),
    params,
    panel: detector.panel,
    since,
  };
}
