/** The run from its first to its last step, drawn: a lane for each part of the model, filled where it is trained, and where each stage begins. */
import type { Part } from '../../../core/parts.ts';
import type { Recipe } from '../../../core/recipe.ts';
import { stagesOf } from '../../../core/stages.ts';
import { useT } from '../../i18n/index.ts';
import { modalityName } from '../../panels/modalityName.ts';
import { modalityStyle } from '../../theme/tokens.ts';
import css from './stages.module.css';
import { lanesOf } from './timeline.ts';

const lane = 14;
const head = 18;

/** Heads are drawn in ink, as in the curves. */
const fill = (part: string) => (part === 'heads' ? 'var(--a-ink)' : `var(--a-${modalityStyle(part).color})`);

export function Timeline({ recipe, parts }: { recipe: Recipe; parts: readonly Part[] }) {
  const t = useT();
  const { steps } = recipe.training;
  const lanes = lanesOf(recipe, parts);
  const begins = [...new Set(stagesOf(recipe).map(({ from }) => from))];
  // Numbers that would cover each other are left out; the list below has them all.
  const told: number[] = [];
  for (const from of begins) if (from - (told.at(-1) ?? -steps) >= steps / 30) told.push(from);
  const share = (step: number) => `${(100 * Math.min(step, steps)) / steps}%`;
  const spanText = (spans: [number, number][]) =>
    spans.map(([from, to]) => t('model.stages.span', { from, to })).join(', ') || t('model.stages.never');
  const spoken = lanes.map(({ part, spans }) =>
    t('model.stages.lane', { part: modalityName(t, part), spans: spanText(spans) }),
  );
  return (
    <div
      className={css.timeline}
      role="img"
      aria-label={`${t('model.stages.timeline')}: ${spoken.join('; ')}`}
    >
      <div className={css.lanes} style={{ paddingTop: head }} aria-hidden>
        {lanes.map(({ part }) => (
          <span key={part} className="small" style={{ height: lane, lineHeight: `${lane}px` }}>
            {modalityName(t, part)}
          </span>
        ))}
      </div>
      <svg width="100%" height={head + lanes.length * lane + 16} aria-hidden>
        {lanes.map(({ part, spans }, row) => {
          const y = head + row * lane;
          return (
            <g key={part}>
              <line x1="0" x2="100%" y1={y + lane / 2} y2={y + lane / 2} className={css.idle} />
              {spans.map(([from, to]) => (
                <rect
                  key={from}
                  x={share(from)}
                  width={`${(100 * (to - from)) / steps}%`}
                  y={y + 3}
                  height={lane - 6}
                  rx="2"
                  fill={fill(part)}
                />
              ))}
            </g>
          );
        })}
        {begins
          .filter((from) => from < steps)
          .map((from, index) => (
            <g key={from}>
              <line
                x1={share(from)}
                x2={share(from)}
                y1={head - 4}
                y2={head + lanes.length * lane}
                className={css.begin}
              />
              {told.includes(from) && (
                <text x={share(from)} y={head - 7} dx={from === 0 ? 0 : 2} className={css.number}>
                  {index + 1}
                </text>
              )}
            </g>
          ))}
        <text x="0" y="100%" dy="-2" className={css.tick}>
          0
        </text>
        <text x="100%" y="100%" dy="-2" textAnchor="end" className={css.tick}>
          {t.count(steps)}
        </text>
      </svg>
    </div>
  );
}
