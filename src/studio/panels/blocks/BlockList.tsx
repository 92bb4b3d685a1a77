/** The blocks with their norms, and in words those that are pulled too little or too much. */
import { useEffect, useMemo, useRef } from 'react';
import type { Blocks } from '../../../workers/api.ts';
import { usePainter } from '../../charts/usePainter.ts';
import { useT } from '../../i18n/index.ts';
import { blockNorms } from '../../state/blockNorms.ts';
import { session } from '../../state/session.ts';
import { useTokens } from '../../theme/useTokens.ts';
import type { LookProps } from '../lookPanel.tsx';
import { modalityName } from '../modalityName.ts';
import css from '../panels.module.css';
import { explodingTimes, judged, vanishingShare } from './judge.ts';
import { type BlockRow, heightOf, paintBlocks } from './paintBlocks.ts';

export function BlockList({ result, run }: LookProps<Blocks>) {
  const t = useT();
  const tokens = useTokens();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { blocks, from } = result;
  useEffect(() => {
    if (run === session.getState().run) blockNorms.setState({ run, blocks });
  }, [run, blocks]);
  const verdicts = useMemo(() => judged(blocks), [blocks]);
  const rows = useMemo(() => {
    const parts = [...new Set(blocks.map(({ of }) => of))];
    return parts.flatMap((of): BlockRow[] => [
      { of, part: modalityName(t, of) },
      ...blocks.flatMap((norms, i) => (norms.of === of ? [{ of, norms, verdict: verdicts[i] }] : [])),
    ]);
  }, [blocks, verdicts, t]);
  const columns = [
    { name: t('blocks.gradient'), value: (norms: Blocks['blocks'][number]) => norms.gradient },
    { name: t('blocks.weight'), value: (norms: Blocks['blocks'][number]) => norms.weight },
    ...(from === 'step'
      ? [
          {
            name: t('blocks.ratio'),
            value: ({ update, weight }: Blocks['blocks'][number]) =>
              update === undefined || weight === 0 ? undefined : update / weight,
          },
        ]
      : []),
  ];
  usePainter(
    canvas,
    (context, width) => paintBlocks(context, width, rows, columns, t.number, tokens),
    () => result,
  );
  const wrong = blocks.flatMap(({ block }, i) => (verdicts[i] ? [{ block, verdict: verdicts[i] }] : []));
  return (
    <>
      <div role="status">
        {wrong.map(({ block, verdict }) => (
          <p key={block} className={css.warning}>
            {verdict === 'vanishing' ? '▼ ' : '▲ '}
            {t(`blocks.${verdict}`, { block, share: vanishingShare.toExponential(0), times: explodingTimes })}
          </p>
        ))}
      </div>
      <div
        style={{ position: 'relative', height: heightOf(rows), flex: 'none' }}
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keys
        tabIndex={0}
        aria-label={blocks
          .map(({ block, gradient, weight }) =>
            t('blocks.said', { block, gradient: t.number(gradient), weight: t.number(weight) }),
          )
          .join('; ')}
      >
        <canvas ref={canvas} style={{ position: 'absolute', inset: 0, width: '100%', height: '100%' }} />
      </div>
      {from === 'batch' && <p className="muted small">{t('blocks.fromBatch')}</p>}
    </>
  );
}
